import { Keypair, rpc } from '@stellar/stellar-sdk';
import { answerMessages } from '../lab/children.js';
import { closedLoop } from '../lab/http-load.js';
import { prepared, type SdkLoan } from '../race/sdk-loan.js';

export interface FloorQuestion extends SdkLoan {
  readonly rpcUrl: string;
  readonly borrowers: readonly string[];
  readonly inFlight: number;
  readonly seconds: number;
  readonly atMost?: number;
}
export interface FloorAnswer {
  readonly builds: number;
  readonly perSecond: number;
  /** Milliseconds of CPU of this process for each. */
  readonly cpu: number;
  readonly latencies: readonly number[];
}

answerMessages<FloorQuestion, FloorAnswer>(async (asked) => {
  const server = new rpc.Server(asked.rpcUrl, { allowHttp: true });
  const fallback = Keypair.random().publicKey();
  let next = 0;
  const before = process.cpuUsage();
  const loop = await closedLoop(asked, async () => {
    const borrower = asked.borrowers[next++ % asked.borrowers.length] ?? fallback;
    return (await prepared(server, asked, borrower)).toXDR() === '' ? 'empty' : 'built';
  });
  const { user, system } = process.cpuUsage(before);
  const builds = loop.latencies.length;
  return {
    builds,
    perSecond: builds / loop.seconds,
    cpu: (user + system) / 1000 / builds,
    latencies: loop.latencies,
  };
});
