import path from 'node:path';

/** A page of the repository: its text, and the anchors that a link may name. */
export type Pages = ReadonlyMap<string, string>;

const CODE = /\b(?:R(?:1[0-2]|[1-9])|D[1-4]|I[1-6]|[A-H]\.\d{1,2}|G\.[a-f])\b/g;
const PAGE = /(?<![\w./-])((?:[\w-]+\/)*[\w-]+\.md)\b(?:#([\w-]+))?/g;
const DECISION = /\bdecisions? (\d{4})(?:(?:, | and )(\d{4}))*/g;

/**
 * Texts of the comments of a TypeScript or JavaScript file, each with the line on which it begins.
 */
export function commentsOf(source: string): { readonly line: number; readonly text: string }[] {
  const found: { line: number; text: string }[] = [];
  const nested: number[] = []; // depth of braces in each `${` that is open
  // the last character of code, which distinguishes a division from a regular expression
  let last = '';
  let at = 0;
  const skipTemplate = (): void => {
    while (at < source.length && source[at] !== '`' && !source.startsWith('${', at))
      at += source[at] === '\\' ? 2 : 1;
    if (source[at] === '`') at += 1;
    else {
      nested.push(0);
      at += 2;
    }
  };
  while (at < source.length) {
    const char = source[at] ?? '';
    const isComment = source.startsWith('//', at) || source.startsWith('/*', at);
    if (isComment) {
      const end =
        source[at + 1] === '/' ? source.indexOf('\n', at) : source.indexOf('*/', at + 2) + 2;
      const stop = end < 2 ? source.length : end;
      found.push({ line: source.slice(0, at).split('\n').length, text: source.slice(at, stop) });
      at = stop;
      continue;
    }
    if (char === "'" || char === '"')
      at += literal(/(['"])(?:\\[^]|(?!\1)[^\\\n])*\1/y, source, at);
    else if (
      char === '/' &&
      (/^[(,=:[!&|?{};]?$/.test(last) || /\breturn\s*$/.test(source.slice(0, at)))
    )
      at += literal(/\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/\w*/y, source, at);
    else if (char === '`') {
      at += 1;
      skipTemplate();
    } else if (char === '}' && nested.at(-1) === 0) {
      nested.pop();
      at += 1;
      skipTemplate();
    } else {
      if (nested.length > 0)
        nested[nested.length - 1] =
          (nested.at(-1) ?? 0) + (char === '{' ? 1 : char === '}' ? -1 : 0);
      at += 1;
    }
    if (/\S/.test(char)) last = char;
  }
  return found;
}

function literal(shape: RegExp, source: string, at: number): number {
  shape.lastIndex = at;
  return shape.exec(source)?.[0].length ?? 1;
}

/**
 * Codes of rules that stand without backticks; in backticks they are values that the journal
 * stores.
 */
export function bareCodes(text: string): string[] {
  return (
    text
      .replaceAll(/`[^`\n]*`/g, '')
      .replaceAll(/appendix [A-Z]\.\d+/g, '')
      .match(CODE) ?? []
  );
}

/** The words of a page: its text without blocks of code. */
export const proseOf = (markdown: string): string =>
  markdown.replaceAll(/^```[^]*?^```/gm, (block) => block.replaceAll(/[^\n]/g, ''));

/** Anchors of a page: the explicit ones, and one for each heading as GitHub makes them. */
export function anchorsOf(markdown: string): Set<string> {
  const prose = proseOf(markdown);
  const explicit = [...prose.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id ?? '');
  const headings = [...prose.matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading]) =>
    slugOf(heading ?? ''),
  );
  const seen = new Map<string, number>();
  return new Set([
    ...explicit,
    ...headings.map((slug) => {
      const times = seen.get(slug) ?? 0;
      seen.set(slug, times + 1);
      return times === 0 ? slug : `${slug}-${times}`;
    }),
  ]);
}

const slugOf = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');

/**
 * Faults in the pages that a text names by path from the root, such as `docs/protocol.md#rebuild`,
 * and in the decisions that it names by number.
 */
export function citationFaults(text: string, pages: Pages): string[] {
  const named = [...text.matchAll(PAGE)].map(([, page, anchor]) =>
    targetFault(page ?? '', anchor, pages),
  );
  const decisions = [...text.matchAll(DECISION)].flatMap(([match]) => match.match(/\d{4}/g) ?? []);
  return [
    ...named,
    ...decisions.map((number) =>
      [...pages.keys()].some((page) => page.startsWith(`context/decisions/${number}-`))
        ? undefined
        : `no decision ${number}`,
    ),
  ].filter((fault) => fault !== undefined);
}

/** Faults in the relative links of a page. */
export function linkFaults(
  file: string,
  markdown: string,
  pages: Pages,
  isThere: (file: string) => boolean,
): string[] {
  return [
    ...proseOf(markdown)
      .replaceAll(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ]
    .map(([, target]) => target ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .flatMap((target) => {
      const [page = '', anchor] = target.split('#');
      const resolved = page === '' ? file : path.posix.join(path.posix.dirname(file), page);
      const fault = resolved.endsWith('.md')
        ? targetFault(resolved, anchor, pages)
        : isThere(resolved)
          ? undefined
          : `no file ${resolved}`;
      return fault === undefined ? [] : [fault];
    });
}

function targetFault(page: string, anchor: string | undefined, pages: Pages): string | undefined {
  const markdown = pages.get(page);
  if (markdown === undefined) return `no page ${page}`;
  return anchor === undefined || anchorsOf(markdown).has(anchor)
    ? undefined
    : `no anchor ${page}#${anchor}`;
}
