import { h } from './dom.js';

/**
 * The part of Markdown that the runbook uses, as elements. Everything is text: what is not known here
 * is shown as it is written.
 */

const BLOCK = /^(#{1,4} |```|\||- |<a id=)/;
const INLINE = /(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]*\]\([^)\s]+\))/;

/** @param lead address of a link, or null for one that leads nowhere from here */
function inline(text, lead) {
  return text.split(INLINE).map((part) => {
    if (part.startsWith('`') && part.length > 1) return h('code', {}, part.slice(1, -1));
    if (part.startsWith('**') && part.length > 4)
      return h('strong', {}, ...inline(part.slice(2, -2), lead));
    const [, words, to] = /^\[([^\]]*)\]\(([^)\s]+)\)$/.exec(part) ?? [];
    if (to === undefined) return part;
    const href = lead(to);
    return href === null ? words : h('a', { href }, ...inline(words, lead));
  });
}

const cellsOf = (line) =>
  line
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));

function table(lines, lead) {
  const [head, , ...body] = lines.map(cellsOf);
  const row = (cells, tag) =>
    h(
      'tr',
      {},
      ...cells.map((cell) => h(tag, tag === 'th' ? { scope: 'col' } : {}, ...inline(cell, lead))),
    );
  return h(
    'div',
    { class: 'wide', role: 'group', tabindex: '0', 'aria-label': 'Table' },
    h(
      'table',
      { class: 'prose' },
      h('thead', {}, row(head, 'th')),
      h('tbody', {}, ...body.map((cells) => row(cells, 'td'))),
    ),
  );
}

function code(language, lines) {
  const text = h('code', {}, lines.join('\n'));
  const element = h('pre', { class: language, tabindex: '0' }, text);
  if (language === 'text') return element;
  const copy = h(
    'button',
    { class: 'copy', type: 'button', 'aria-label': 'Copy the commands' },
    'copy',
  );
  return h('div', { class: 'block' }, element, copy);
}

/**
 * Elements for a page. An anchor belongs to the heading below it.
 * @returns the elements, and the headings of the second level with their anchors
 */
export function pageOf(source, lead) {
  const lines = source.split('\n');
  const [elements, sections] = [[], []];
  let anchor = null;
  for (let at = 0; at < lines.length;) {
    const line = lines[at];
    const begun = at++;
    const [, marks, title] = /^(#{1,4}) (.*)$/.exec(line) ?? [];
    if (line.startsWith('```')) {
      while (at < lines.length && !lines[at].startsWith('```')) at++;
      elements.push(code(line.slice(3).trim(), lines.slice(begun + 1, at++)));
    } else if (line.startsWith('<a id=')) {
      anchor = /id="([^"]+)"/.exec(line)?.[1] ?? null;
    } else if (marks !== undefined) {
      if (marks.length === 2) sections.push({ anchor, title });
      elements.push(h(`h${marks.length}`, { id: anchor, tabindex: '-1' }, ...inline(title, lead)));
      anchor = null;
    } else if (line.startsWith('|')) {
      while (lines[at]?.startsWith('|')) at++;
      elements.push(table(lines.slice(begun, at), lead));
    } else if (line.startsWith('- ')) {
      while (/^(- | {2}\S)/.test(lines[at] ?? '')) at++;
      const items = lines
        .slice(begun, at)
        .join('\n')
        .split(/\n(?=- )/);
      elements.push(
        h(
          'ul',
          {},
          ...items.map((item) => h('li', {}, ...inline(item.slice(2).replace(/\n */g, ' '), lead))),
        ),
      );
    } else if (line.trim() !== '') {
      while (lines[at]?.trim() && !BLOCK.test(lines[at])) at++;
      elements.push(h('p', {}, ...inline(lines.slice(begun, at).join(' '), lead)));
    }
  }
  return { elements, sections };
}
