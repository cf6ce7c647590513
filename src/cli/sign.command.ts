import { readFileSync } from 'node:fs';
import { Keypair } from '@stellar/stellar-sdk';
import type { Command } from 'commander';
import { z } from 'zod';
import { readConfig } from '../common/config.js';
import { command, does, UsageError } from './command-line.js';
import { seedHere } from './seed-here.js';
import { signOffer } from './sign-offer.js';
import type { Terminal } from './terminal.js';

const STDIN = 0;
const network = z.string().min(1);
/** The members of an answer with something to sign that the signature needs. */
const offerSchema = z.object({
  loan: z.object({ borrower: z.string() }),
  transaction: z.object({ xdr: z.string(), networkPassphrase: network }).nullish(),
  authorization: z
    .object({
      entryXdr: z.string(),
      expirationLedger: z.int().positive(),
      networkPassphrase: network,
    })
    .nullish(),
});
type SignedOffer = z.infer<typeof offerSchema>;

/** Plays the borrower's wallet. The keys of the seeded borrowers exist on the local network only. */
export function signCommand({ say }: Pick<Terminal, 'say'>): Command {
  return does(
    command('sign', {
      summary: "sign what POST /loans answered, as the borrower's wallet would",
      more:
        'For development. Prints the body of POST /loans/:id/submission. The borrower is one that ' +
        'npm start made, unless a file names another key. In production a wallet signs.',
      example: 'holdfast sign loan.json',
    })
      .argument('[FILE]', 'the answer of POST /loans; absent: standard input')
      .option('--secret-file <file>', "the borrower's secret key (S...) is in this file"),
    async ({ secretFile }, [file]) => {
      const offer = offerOf(file);
      const secret =
        typeof secretFile === 'string'
          ? readFileSync(secretFile, 'utf8').trim()
          : await seededSecret(offer.loan.borrower);
      say(JSON.stringify(await signOffer(offer, Keypair.fromSecret(secret))));
    },
  );
}

/** @throws UsageError when it is not the answer of a promise, Error when it holds a problem */
function offerOf(file: string | undefined): SignedOffer {
  const text = readFileSync(file ?? STDIN, 'utf8');
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new UsageError(`${file ?? 'Standard input'} is not JSON.`);
  }
  const problem = z.object({ code: z.string(), detail: z.string().optional() }).safeParse(answer);
  if (problem.success)
    throw new Error(`The loan was refused: ${problem.data.code} ${problem.data.detail ?? ''}`);
  const offer = offerSchema.safeParse(answer);
  if (!offer.success)
    throw new UsageError(`${file ?? 'Standard input'} is not the answer of POST /loans.`);
  return offer.data;
}

async function seededSecret(borrower: string): Promise<string> {
  const config = readConfig();
  const seed = await seedHere(config);
  const known = seed?.borrowers.find(({ address }) => address === borrower);
  if (known) return known.secret;
  throw new Error(
    `The key of ${borrower} is not in ${config.DATA_DIR}. Only the borrowers that npm start made have ` +
      'one there; name the file of another key with --secret-file.',
  );
}
