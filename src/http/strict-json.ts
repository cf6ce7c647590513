/**
 * Finds what JSON.parse accepts and a ledger must not: a name twice in one object (the last would
 * win, although a log or a signature may have covered the first), and half of a surrogate pair,
 * which Postgres cannot store.
 * RFC 7493 (I-JSON) forbids both. The text has already been parsed, so the scan need not check
 * grammar. It is linear and does not recurse.
 */
export interface JsonFault {
  readonly field: string;
  readonly message: string;
}

interface Level {
  readonly isObject: boolean;
  readonly names: Set<string>;
  name: string;
  index: number;
}

/** @param text valid JSON @returns the first fault, or null */
export function jsonFault(text: string): JsonFault | null {
  const levels: Level[] = [];
  let expectsName = false;
  for (let at = 0; at < text.length; at++) {
    const top = levels.at(-1);
    switch (text[at]) {
      case '{':
      case '[':
        levels.push({ isObject: text[at] === '{', names: new Set(), name: '', index: 0 });
        expectsName = text[at] === '{';
        break;
      case '}':
      case ']':
        levels.pop();
        expectsName = false;
        break;
      case ',':
        if (top) top.index++;
        expectsName = top?.isObject ?? false;
        break;
      case '"': {
        const end = endOfString(text, at);
        const value = JSON.parse(text.slice(at, end)) as string;
        at = end - 1;
        if (expectsName && top) {
          if (top.names.has(value))
            return { field: pathOf(levels, value), message: 'is there more than once' };
          top.names.add(value);
          top.name = value;
          expectsName = false;
        }
        if (HALF_A_PAIR.test(value))
          return {
            field: pathOf(levels, top?.name ?? ''),
            message: 'has half of a surrogate pair, which is no character',
          };
        break;
      }
      default: // numbers, true, false, null, colons and space
    }
  }
  return null;
}

/** @returns the index after the closing quote */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

const PATH_MAX = 200;
/** With the flag u a whole pair is one character and does not match. */
const HALF_A_PAIR = /\p{Surrogate}/u;
/**
 * A path as validation writes it: `schedule[1].dueAt`. Half a pair is shown as U+FFFD, so that an
 * answer can carry it.
 */
function pathOf(levels: readonly Level[], last: string): string {
  const parts = levels.map((level, depth) =>
    !level.isObject ? `[${level.index}]` : `.${depth === levels.length - 1 ? last : level.name}`,
  );
  const path = parts
    .join('')
    .replace(/^\./, '')
    .replaceAll(/\p{Surrogate}/gu, '\ufffd');
  return path.length > PATH_MAX ? `${path.slice(0, PATH_MAX)}…` : path || 'body';
}
