import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What a JSON file can say. Numbers are whole and exact; amounts and ledgers are text. */
export type Json =
  null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type Row = Readonly<Record<string, Json>>;

const FORMAT = 'holdfast-proof-1';
/** In the order of the chain. */
const PART_NAMES = [
  'about',
  'pool',
  'rules',
  'snapshot',
  'reservation',
  'loan',
  'transactions',
  'authorization',
  'landings',
  'journal',
  'chain',
] as const;
type PartName = (typeof PART_NAMES)[number];
export type Parts = Readonly<Record<PartName, Json>>;

interface Link {
  readonly name: string;
  readonly body: Json;
  /** Of the hash before it, the name and the body. */
  readonly hash: string;
}
/** `digest` is the last hash: whoever keeps it elsewhere notices every later change. */
export interface Bundle {
  readonly format: string;
  readonly parts: readonly Link[];
  readonly digest: string;
}

const bundleSchema = z.strictObject({
  format: z.string(),
  parts: z.array(z.strictObject({ name: z.string(), body: z.json(), hash: z.string() })),
  digest: z.string(),
});

/** One text for one value: members in the order of their names, no spaces. */
const canonical = (value: Json): string => JSON.stringify(sorted(value));

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map((each: Json) => sorted(each));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}

const hashAfter = (before: string, name: string, body: Json): string =>
  createHash('sha256')
    .update(`${before}\n${name}\n${canonical(body)}`)
    .digest('hex');

export function bundleOf(parts: Parts): Bundle {
  const links: Link[] = [];
  for (const name of PART_NAMES)
    links.push({ name, body: parts[name], hash: hashAfter(lastOf(links), name, parts[name]) });
  return { format: FORMAT, parts: links, digest: lastOf(links) };
}
const lastOf = (links: readonly Link[]): string => links.at(-1)?.hash ?? FORMAT;

/** The one text of a bundle, so that a changed byte is noticed even where it changes no value. */
export const render = ({ format, parts, digest }: Bundle): string =>
  `${JSON.stringify(
    {
      format,
      parts: parts.map(({ name, body, hash }) => ({ name, hash, body: sorted(body) })),
      digest,
    },
    null,
    2,
  )}\n`;

/** @returns the parts, and every fault of the file itself */
export function read(text: string): { readonly parts: Parts | null; readonly faults: string[] } {
  let bundle: Bundle;
  try {
    bundle = bundleSchema.parse(JSON.parse(text)) as Bundle;
  } catch {
    return { parts: null, faults: ['it is not a bundle'] };
  }
  const faults: string[] = [];
  if (bundle.format !== FORMAT) faults.push(`its format is ${bundle.format}, not ${FORMAT}`);
  if (bundle.parts.map(({ name }) => name).join() !== PART_NAMES.join())
    return { parts: null, faults: [...faults, 'its parts are not those of a bundle'] };
  let before: string = FORMAT;
  for (const { name, body, hash } of bundle.parts) {
    if (hashAfter(before, name, body) !== hash) faults.push(`${name} is not what was hashed`);
    before = hash;
  }
  if (bundle.digest !== before) faults.push('the digest is not the hash of its last part');
  if (render(bundle) !== text) faults.push('its text is not the one that was written');
  const parts = Object.fromEntries(bundle.parts.map(({ name, body }) => [name, body]));
  return { parts: parts as unknown as Parts, faults };
}
