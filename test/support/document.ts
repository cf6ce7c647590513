import { readFileSync, writeFileSync } from 'node:fs';

/** A query of a document, and the output that the document shows. */
export interface Example {
  readonly query: string;
  readonly output: string;
}

const EXAMPLE = /```sql\n([^]*?)```\n```text\n([^]*?)```/g;

/** @throws Error when a query has no output below it: then nothing would compare it */
export function examplesIn(file: string): Example[] {
  const text = readFileSync(file, 'utf8');
  const examples = [...text.matchAll(EXAMPLE)].map(([, query, output]) => ({
    query: query ?? '',
    output: output ?? '',
  }));
  const queries = text.match(/```sql\n/g)?.length ?? 0;
  if (queries !== examples.length)
    throw new Error(`${file} has ${queries} queries and ${examples.length} of them with an output`);
  return examples;
}

/** WRITE_DOCUMENTS=1 writes the outputs instead of comparing them. */
export const writesDocuments = process.env['WRITE_DOCUMENTS'] === '1';

export function writeOutputs(file: string, outputs: readonly string[]): void {
  let at = 0;
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replaceAll(
      EXAMPLE,
      (_, query: string) => `\`\`\`sql\n${query}\`\`\`\n\`\`\`text\n${outputs[at++] ?? ''}\`\`\``,
    ),
  );
}
