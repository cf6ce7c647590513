import { h, pieceNode, setText } from './dom.js';

/**
 * A table that is kept up to date row by row: what does not change stays, with the focus in it. On
 * a phone its rows are cards, so each cell knows its column.
 */
export function rowsTable(title) {
  const known = new Map();
  const head = h('tr', {});
  const body = h('tbody', {});
  const caption = h('caption', {}, title);
  const note = h('p', { class: 'note' });
  const table = h('table', { class: 'rows' }, caption, h('thead', {}, head), body);
  // amounts may have 39 digits: the table scrolls, not the page
  const wide = h('div', { class: 'wide', role: 'group', 'aria-label': title }, table);
  const element = h('div', {}, note, wide);
  const update = ({ note: words, columns, rows, none }) => {
    setText(note, rows.length === 0 ? none : words);
    wide.hidden = rows.length === 0;
    if (head.childElementCount !== columns.length)
      head.replaceChildren(...columns.map((name) => h('th', { scope: 'col' }, name)));
    columns.forEach((_, column) =>
      head.cells[column].classList.toggle(
        'amount',
        rows.some(({ cells }) => cells[column]?.amount !== undefined),
      ),
    );
    const kept = new Set(rows.map(({ key }) => key));
    for (const [key, row] of known)
      if (!kept.has(key)) {
        row.tr.remove();
        known.delete(key);
      }
    rows.forEach(({ key, cells }, at) => {
      const row = known.get(key) ?? { tr: h('tr', { 'data-key': key }), shown: [] };
      known.set(key, row);
      cells.forEach((piece, column) => {
        const text = JSON.stringify(piece);
        if (row.shown[column] === text) return;
        row.shown[column] = text;
        const cell = h(
          column === 0 ? 'th' : 'td',
          {
            scope: column === 0 ? 'row' : null,
            'data-column': columns[column],
            class: piece?.amount === undefined ? null : 'amount',
          },
          pieceNode(piece),
        );
        if (row.tr.cells[column]) row.tr.cells[column].replaceWith(cell);
        else row.tr.append(cell);
      });
      if (body.rows[at] !== row.tr) body.insertBefore(row.tr, body.rows[at] ?? null);
    });
    if (wide.scrollWidth > wide.clientWidth) wide.tabIndex = 0;
    else wide.removeAttribute('tabindex'); // with a focus, a keyboard can scroll it
  };
  return { element, update };
}
