import { AuthorizationStage, type AuthorizedHold } from './authorization-stage.js';
import { settlementOn, type StageHold, stageHold } from './settlement-stage.js';

/** A hold for each way in which one can stand or end, by its reservation's id. */
export interface Histories {
  readonly on: AuthorizationStage;
  readonly ids: Readonly<Record<string, string>>;
}

/** Real Postgres, and a network whose ledgers are closed by hand. */
export async function proofHistories(): Promise<Histories> {
  const on = await AuthorizationStage.open({ holdSeconds: 120 });
  const ids: Record<string, string> = {};
  const keep = async (name: string, of: Promise<{ reservationId: string }>): Promise<void> => {
    ids[name] = (await of).reservationId;
  };
  await keep('landed', landedTransaction(on));
  await keep('landed, by authorization', landedAuthorization(on));
  await keep('landed, by a stranger', landedByStranger(on));
  await on.reconcile();
  await on.observe();
  await keep('sequence consumed', consumed(on));
  await keep('failed', failedByContract(on));
  await keep('expired by time', expired(on));
  await keep('expired by ledger', fenced(on));
  await keep('stated by an operator', stated(on));
  await keep("the contract's own list", forgotten(on));
  await keep('live', stageHold(on.stage, on.pool));
  await keep('live, signed by authorization', on.signed());
  await on.lander().lander.round();
  return { on, ids };
}

const rounds = async (on: AuthorizationStage, count: number): Promise<void> => {
  for (let round = 0; round < count; round++) {
    await on.close();
    await on.observe();
    await settlementOn(on.stage).settlement.expireLapsed(on.pool);
  }
};

async function landedTransaction(on: AuthorizationStage): Promise<StageHold> {
  const hold = await stageHold(on.stage, on.pool);
  await on.stage.under.ledger.envelopes.markSubmitted(on.pool.id, hold.reservationId, {
    hash: hold.funding.hash,
    status: 'PENDING',
    signedXdr: hold.signed(),
  });
  await hold.submit();
  await rounds(on, 2);
  return hold;
}

async function landedAuthorization(on: AuthorizationStage): Promise<AuthorizedHold> {
  const hold = await on.signed();
  const { control } = on.stage.network;
  control.setFault('invocation_fails', { error: 'budget', source: on.accounts[0] });
  const { lander } = on.lander();
  await lander.round();
  await on.close();
  control.clearFaults();
  for (let round = 0; round < 4; round++) {
    await on.observe();
    await lander.round();
    await on.close();
  }
  await on.observe();
  return hold;
}

async function landedByStranger(on: AuthorizationStage): Promise<AuthorizedHold> {
  const hold = await on.signed();
  on.stage.network.control.signers.land({ entry: hold.signedEntryXdr, close: true });
  await on.observe();
  await on.reconcile();
  await on.observe();
  return hold;
}

async function consumed(on: AuthorizationStage): Promise<StageHold> {
  const { chain } = on.stage;
  const hold = await stageHold(on.stage, on.pool);
  const { xdr } = await chain.buildSequenceBurn({
    account: hold.borrower,
    sequence: hold.funding.sequence,
    maxTime: hold.funding.maxTime,
    bids: on.pool,
  });
  await chain.submit(hold.sign(xdr));
  await rounds(on, 5);
  return hold;
}

async function failedByContract(on: AuthorizationStage): Promise<StageHold> {
  const hold = await stageHold(on.stage, on.pool);
  const { control } = on.stage.network;
  const failure = { error: 'contract', number: 4, source: hold.borrower };
  control.setFault('invocation_fails', failure);
  await hold.submit();
  await on.close();
  control.clearFaults();
  await rounds(on, 3);
  return hold;
}

async function expired(on: AuthorizationStage): Promise<StageHold> {
  const hold = await stageHold(on.stage, on.pool);
  on.stage.network.control.travel(200);
  await rounds(on, 5);
  return hold;
}

async function fenced(on: AuthorizationStage): Promise<AuthorizedHold> {
  const hold = await on.held();
  await on.close(hold.authorization.expirationLedger - on.head);
  await rounds(on, 2);
  return hold;
}

async function stated(on: AuthorizationStage): Promise<StageHold> {
  const hold = await stageHold(on.stage, on.pool);
  on.stage.network.control.travel(200);
  await on.close();
  const { ledger, closeTime } = await on.stage.chain.head();
  const end = await on.stage.under.ledger.ends.endByOperator({
    poolId: on.pool.id,
    reservationId: hold.reservationId,
    envelopeVersion: 1,
    as: 'expired',
    ledger,
    closeTime,
    statement: {
      by: 'ada',
      reason: 'not on two explorers, ticket 4711',
      alarm: 'lookup_proves_nothing',
      saidLedger: null,
      loansRead: null,
    },
  });
  if (!end.written) throw new Error(`not ended: ${end.state}`);
  return hold;
}

async function forgotten(on: AuthorizationStage): Promise<AuthorizedHold> {
  const hold = await on.held();
  await on.close(800);
  on.stage.network.control.travel(200);
  await on.observe();
  await settlementOn(on.stage).settlement.resolveForgotten(on.pool, await on.stage.chain.head());
  return hold;
}
