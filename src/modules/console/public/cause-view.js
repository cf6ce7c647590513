import * as api from './api.js';
import { facts, grouped, h, moment } from './dom.js';
import { listView, poolFilter } from './lists-view.js';
import { breakClasses } from './names.js';
import { reservationLink } from './rows.js';
import { runbookLink, sectionOfBreak, sectionOfPause } from './runbook-links.js';
import { rowsTable } from './table.js';
import { trying } from './trouble.js';
import { inTurn } from './turns.js';
import { heading, IDLE_VIEW, main, notFoundView } from './view.js';

/** Breaks as episodes, and the cause of one: which term took the money, by which transactions. */

/** How often a cause is read again. */
const LASTS_MS = 10_000;
const CLASSES = {
  in_transit: 'counted twice for a moment',
  shortfall: 'shortfall',
  unreserved_funding: 'loans without a hold',
  external_transfer: 'transfers past the pool',
  gap: 'events lost',
  unexplained: 'unexplained',
  ledger_error: 'ledger error',
};
const classWords = (name) => CLASSES[name] ?? name.replaceAll('_', ' ');
const FIGURES = { total: 'total', locked: 'locked', tokenBalance: 'token balance' };
const figureWords = (figure) =>
  figure === null
    ? 'no event of the chain'
    : figure
        .split(', ')
        .map((name) => FIGURES[name] ?? name)
        .join(', ');
const chip = ({ until, isAlarm }) =>
  until === null
    ? { text: '▲ lasts', chip: isAlarm ? 'bad' : 'live' }
    : { text: 'over', chip: 'closed' };
const amountOf = ({ totalAmount, largestAmount }) => totalAmount ?? largestAmount;

/** @param explorer address with {hash}, or null */
const hashLink = (hash, explorer) => ({
  whole: hash,
  ...(explorer === null ? {} : { href: explorer.replaceAll('{hash}', encodeURIComponent(hash)) }),
});

/** Every episode, newest first. @param pools by id, updated by the caller */
export const breaksView = (pools) =>
  listView(
    'Breaks',
    'Differences between ledger and chain, newest first. A break that lasts is found with every ' +
      'snapshot and is one row here.',
    {
      filters: [
        poolFilter(pools),
        {
          name: 'class',
          label: 'class',
          options: breakClasses().map((each) => [each, classWords(each)]),
        },
        {
          name: 'lasting',
          label: 'state',
          options: [
            ['true', 'lasts'],
            ['false', 'over'],
          ],
        },
      ],
      everyMs: LASTS_MS,
      read: async (asked) => {
        const { episodes, nextCursor } = await api.breaks(asked);
        return {
          note: '',
          none: 'There was never a difference.',
          nextCursor,
          columns: ['break', 'pool', 'state', 'since', 'until', 'amount', 'found'],
          rows: episodes.map((each) => ({
            key: each.id,
            cells: [
              { text: classWords(each.class), href: `#/causes/${each.id}` },
              { text: each.poolName, href: `#/pools/${each.poolId}` },
              chip(each),
              { at: each.since },
              each.until === null ? null : { at: each.until },
              { amount: amountOf(each) === null ? 'not known' : grouped(amountOf(each)) },
              each.found === 1 ? 'once' : `${each.found} times`,
            ],
          })),
        };
      },
    },
  );

/**
 * @param id of an episode, or of a pool that the service paused
 * @param isCurrent whether the person is still at this address
 */
export async function causeView(id, { explorer, isCurrent }) {
  const [read, show, missing] = id.includes('.')
    ? [() => api.breakCause(id), (found) => showBreak(found, explorer), 'break']
    : [() => api.pauses(id), showPauses, 'pool'];
  main.replaceChildren(heading('Cause'), h('p', {}, 'Loading…'));
  let shown = '';
  const load = inTurn(async () => {
    const found = await readOr(read);
    const text = JSON.stringify(found);
    if (found === undefined || text === shown || !isCurrent()) return;
    shown = text;
    if (found === null) notFoundView(`No such ${missing}`, `There is no ${missing} ${id}.`);
    else show(found);
  });
  await load();
  const timer = setInterval(load, LASTS_MS);
  return { ...IDLE_VIEW, again: load, free: () => clearInterval(timer) };
}

function showBreak(episode, explorer) {
  main.replaceChildren(
    titled(`${capital(classWords(episode.class))} of ${episode.poolName}`),
    h('p', { class: 'cause' }, episode.sentence),
    facts([
      ['state', chip(episode)],
      ['class', episode.class],
      ['since', { at: episode.since }],
      episode.until === null ? null : ['until', { at: episode.until }],
      ['amount', amountOf(episode) === null ? 'not known' : grouped(amountOf(episode))],
      ['ledgers', ledgersOf(episode)],
      ['pool', { text: episode.poolName, href: `#/pools/${episode.poolId}` }],
      ['what to do', runbookLink(sectionOfBreak(episode.class))],
    ]),
    h('h2', {}, 'What changed the available amount'),
    termsTable(episode),
    ...transactionsSection(episode, explorer),
  );
}

/** The heading keeps the focus that it has. */
function titled(text) {
  const title = main.querySelector('h1') ?? heading('');
  title.textContent = text;
  return title;
}

const ledgersOf = ({ firstLedger, lastLedger, found }) =>
  firstLedger === lastLedger
    ? `${firstLedger}`
    : `${firstLedger} to ${lastLedger}, found ${found} times`;

function termsTable({ causes }) {
  const table = rowsTable('Causes');
  table.update({
    note: 'Amounts below zero took money. Events of the chain come first, the greatest loss before others.',
    none: 'Nothing is known of it.',
    columns: ['term', 'bridge', 'amount', 'transactions', 'note'],
    rows: causes.map((each, at) => ({
      key: `${at} ${each.term}`,
      cells: [
        { text: each.words, strong: each.term === 'unexplained' },
        figureWords(each.figure),
        { amount: each.amount === null ? 'not known' : grouped(each.amount) },
        countWords(each),
        each.note,
      ],
    })),
  });
  return table.element;
}

function countWords({ transactions, notListed }) {
  const named = transactions.filter(({ transaction }) => transaction !== undefined).length;
  const rest = notListed === null ? '' : `, and others of ${grouped(notListed)}`;
  return named === 0 && rest === '' ? null : `${named}${rest}`;
}

function transactionsSection({ causes }, explorer) {
  const rows = causes.flatMap(({ words, transactions }) =>
    transactions.map((each) => ({ words, ...each })),
  );
  if (rows.length === 0) return [];
  const table = rowsTable('Transactions');
  table.update({
    note: '',
    none: '',
    columns: ['transaction', 'term', 'amount', 'ledger', 'hold', 'note'],
    rows: rows.map((each, at) => ({
      key: `${at} ${each.transaction ?? each.reservation ?? each.ledger}`,
      cells: [
        each.transaction === undefined ? 'none' : hashLink(each.transaction, explorer),
        each.words,
        { amount: each.amount === undefined ? '–' : grouped(each.amount) },
        each.lastLedger === undefined
          ? String(each.ledger ?? '–')
          : `${each.ledger} to ${each.lastLedger}`,
        each.reservation === undefined ? null : reservationLink(each.reservation),
        noteOf(each.note),
      ],
    })),
  });
  return [h('h2', {}, 'Transactions behind it'), table.element];
}

const noteOf = (note) =>
  note === undefined ? null : /^[GC][A-Z2-7]{55}$/.test(note) ? { whole: note, short: true } : note;

/** Why the service paused a pool, with what it saw. */
function showPauses({ pool, contracts, pauses }) {
  main.replaceChildren(
    titled(`Why ${pool.name} was paused`),
    h(
      'p',
      { class: 'cause' },
      pauses.length === 0
        ? 'The service never paused this pool. The operator actions say who did.'
        : `${pauseSentence(pauses, contracts)} The pool is ${pool.state}.`,
    ),
    facts([
      ['pool', { text: pool.name, href: `#/pools/${pool.id}` }],
      ['what to do', runbookLink(sectionOfPause(pauses[0]?.reason))],
    ]),
    ...pauses.map((each) =>
      h(
        'section',
        {},
        h('h2', {}, `${capital(each.reason.replaceAll('_', ' '))}, ${moment(each.at)}`),
        facts(
          Object.entries(each.facts)
            .toSorted((a, b) => placeOf(a) - placeOf(b))
            .map(([name, value]) => factOf(name, value, contracts)),
        ),
      ),
    ),
  );
}

/** An upgrade is seen by its event, which names no code, and by the code. */
function pauseSentence([newest, ...older], contracts) {
  const { reason, facts: seen } =
    [newest, ...older].find(
      (each) =>
        each.reason === newest.reason &&
        each.facts.contract === newest.facts.contract &&
        each.facts.after !== undefined,
    ) ?? newest;
  const which = contracts[seen.contract] ?? 'a contract';
  if (reason === 'contract_upgraded')
    return (
      `The code of the ${which} was upgraded` +
      (seen.after ? ` from ${brief(seen.before)} to ${brief(seen.after)}` : '') +
      `${seen.ledger === undefined ? '' : ` at ledger ${seen.ledger}`}.`
    );
  return {
    unexplained: 'A figure of the pool moved, and no event of the chain explains it.',
    unreadable_event: 'An event that moves money has a shape that its generation does not have.',
    unreadable_entry: 'An entry of a contract has a type that its generation does not write.',
    contracts_broken: `A link between the contracts is missing or wrong${seen.sentence ? `: ${seen.sentence}` : '.'}`,
  }[reason];
}

const brief = (hash) => (hash ? `${hash.slice(0, 8)}…` : 'code that is not known');
/** What happened to what, then the rest. */
const ORDER = ['contract', 'before', 'after', 'ledger'];
const placeOf = ([name]) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
function factOf(name, value, contracts) {
  const words = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
  if (contracts[text] !== undefined) return [contracts[text], { whole: text }];
  return [words, /^([0-9a-f]{64}|[GC][A-Z2-7]{55})$/.test(text) ? { whole: text } : text];
}

/** @returns undefined: it cannot be read, and the page says so; null: there is no such thing */
async function readOr(read) {
  let found;
  await trying('rows', async () => {
    found = await read().catch((thrown) => {
      if (thrown instanceof api.NotFound) return null;
      throw thrown;
    });
  });
  return found;
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
