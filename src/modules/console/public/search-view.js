import * as api from './api.js';
import { grouped, h } from './dom.js';
import { account, END, endOf, reservationLink, stateChip } from './rows.js';
import { rowsTable } from './table.js';
import { trying } from './trouble.js';
import { heading, IDLE_VIEW, main } from './view.js';

const field = document.querySelector('#search');
document.querySelector('form.search').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (text !== '') location.hash = `#/search/${encodeURIComponent(text)}`;
});

/** What an id, hash, address or key names. A single reservation is opened at once. */
export async function searchView(text) {
  main.replaceChildren(heading(`Search: ${text}`), h('p', {}, 'Loading…'));
  field.value = text;
  await trying('rows', async () => {
    const { reservations, pools, more } = await api.search(text);
    if (reservations.length + pools.length === 1 && !more) {
      const [only] = reservations;
      location.replace(only ? `#/reservations/${only.reservationId}` : `#/pools/${pools[0].id}`);
      return;
    }
    main.replaceChildren(heading(`Search: ${text}`), ...found(pools), table(reservations, more));
  });
  return IDLE_VIEW;
}

const found = (pools) =>
  pools.map(({ id, name }) => h('p', {}, 'Pool: ', h('a', { href: `#/pools/${id}` }, name)));

function table(reservations, more) {
  const { element, update } = rowsTable('Reservations found');
  update({
    note: more ? `The newest ${reservations.length}; there are more.` : '',
    none:
      'No reservation has it. The search finds the whole id of a reservation, loan or pool, the ' +
      'last 12 digits of a newer id, a transaction hash, an address and an Idempotency-Key.',
    columns: ['hold', 'found by', 'pool', 'borrower', 'amount', 'state', 'made', END],
    rows: reservations.map((each) => ({
      key: each.reservationId,
      cells: [
        reservationLink(each.reservationId),
        each.by,
        { text: each.poolName, href: `#/pools/${each.poolId}` },
        account(each.borrower),
        { amount: grouped(each.amount) },
        stateChip(each.state),
        { at: each.heldAt },
        endOf(each),
      ],
    })),
  });
  return element;
}
