import { minus, percentOf } from './amounts.js';
import { facts, grouped, h, moment, now, setText } from './dom.js';

/** The parts of a pool's total, in the order of the bar. Every term has rows. */
export const TERMS = [
  { term: 'locked', name: 'locked', field: 'locked', rows: 'observed' },
  { term: 'in-flight', name: 'in flight', field: 'inFlight' },
  { term: 'held', name: 'held', field: 'held' },
  { term: 'buffer', name: 'buffer', field: 'buffer' },
  { term: 'available', name: 'available', field: 'available' },
];
/** Shown only when they are not zero; the equation would be wrong without them. */
const ABSENT = { term: 'absent', name: 'not lendable', rows: 'observed', sign: '+' };
const SHORTFALL = { term: 'breaks', name: 'shortfall', field: 'shortfall', sign: '−' };
const TOTAL = { term: 'total', name: 'total', field: 'total', rows: 'observed', sign: '' };
const OBSERVED = { term: 'observed', name: 'observed available', field: 'observedAvailable' };
const STATES = {
  paused: 'paused: takes no new holds',
  quarantined: 'quarantined: takes no new holds until every earlier transaction is dead',
  closed: 'closed',
};

/**
 * What the total has beyond locked and observed available: it is not in the token balance, or the
 * contract's utilisation limit keeps it.
 */
function absentOf({ total, locked, observedAvailable }) {
  if (total === null) return '0';
  const rest = minus(minus(total, locked), observedAvailable);
  return rest.startsWith('-') ? '0' : rest;
}

/**
 * One pool: why it takes no holds, if it takes none, its total as a bar, the equation below with a
 * link on every term, and the snapshot it rests on. Built once, then updated in place.
 */
export function poolCard(pool, { level }) {
  const heading = h(level, { id: `pool-${pool.id}`, tabindex: level === 'h1' ? '-1' : null });
  const [state, lent] = [h('span', {}), h('span', { class: 'lent' })];
  const reason = h('p', { class: 'reason', hidden: true });
  const shortfall = h('p', { class: 'warning', hidden: true });
  const bar = poolBar(pool.id);
  const shown = [TOTAL, ...TERMS, ABSENT, SHORTFALL];
  const terms = new Map(
    [...shown, OBSERVED].map((each) => [
      each.term,
      termLink(pool.id, { sign: each === TERMS[0] ? '=' : '+', ...each }),
    ]),
  );
  const items = shown.map(({ term }) => terms.get(term).item);
  const observed = terms.get(OBSERVED.term);
  const parts = h('span', {});
  const under = h('div', {});
  const card = h(
    'article',
    { class: 'pool', 'aria-labelledby': `pool-${pool.id}` },
    h('div', { class: 'head' }, heading, state, lent),
    reason,
    shortfall,
    bar.element,
    h('ul', { class: 'equation' }, ...items),
    h('p', { class: 'derived' }, observed.link, ' ', parts),
    under,
    level === 'h1' ? idsOf(pool) : null,
  );
  const update = (now) => {
    heading.replaceChildren(
      level === 'h2' ? h('a', { href: `#/pools/${now.id}` }, now.name) : now.name,
    );
    const chip = chipOf(now);
    setText(state, chip.text);
    state.className = `chip ${chip.kind}`;
    setText(lent, lentWords(now));
    reason.hidden = chip.kind === 'good';
    setText(reason, reason.hidden ? '' : standingWords(now));
    card.classList.toggle('refusing', isTroubled(now));
    for (const each of [TOTAL, ...TERMS, SHORTFALL, OBSERVED])
      setText(terms.get(each.term).amount, grouped(now[each.field]));
    setText(terms.get(ABSENT.term).amount, grouped(absentOf(now)));
    terms.get(ABSENT.term).item.hidden = absentOf(now) === '0';
    shortfall.hidden = now.shortfall === '0';
    terms.get(SHORTFALL.term).item.hidden = shortfall.hidden;
    setText(
      shortfall,
      `▲ Shortfall of ${grouped(now.shortfall)}: more is held than was observed. New holds are refused.`,
    );
    setText(
      parts,
      `= in flight + held + buffer + available${shortfall.hidden ? '' : ' − shortfall'}`,
    );
    bar.update(now);
    under.replaceChildren(standing(now));
  };
  update(pool);
  return { card, update };
}

function poolBar(poolId) {
  const part = (term, rows = term) =>
    h('a', {
      class: `segment ${term}`,
      href: `#/pools/${poolId}/${rows}`,
      tabindex: '-1',
      'data-segment': term,
    });
  const segments = new Map([...TERMS, ABSENT].map(({ term, rows }) => [term, part(term, rows)]));
  const missing = h('a', {
    class: 'missing',
    href: `#/pools/${poolId}/breaks`,
    tabindex: '-1',
    hidden: true,
  });
  const element = h('div', { class: 'bar', 'aria-hidden': 'true' }, ...segments.values(), missing);
  const update = (now) => {
    // widths, not amounts; shares that sum to less than 1 would not fill the bar
    const sizes = new Map([
      ...TERMS.map(({ term, field }) => [term, Number(now[field])]),
      [ABSENT.term, Number(absentOf(now))],
    ]);
    const all = [...sizes.values()].reduce((sum, size) => sum + size, 0) || 1;
    for (const [term, size] of sizes) {
      segments.get(term).style.flexGrow = String(size / all);
      segments.get(term).hidden = size === 0;
    }
    // what is held beyond the total, at the end of the bar
    missing.hidden = now.shortfall === '0';
    missing.style.width = `${Math.min(1, Number(now.shortfall) / all) * 100}%`;
    // none of it can be held
    element.classList.toggle('closed', now.state === 'closed');
  };
  return { element, update };
}

/** What people copy; it does not change, so it is made once. */
const idsOf = ({ id, poolContract, lendingContract, tokenContract }) =>
  h(
    'details',
    {},
    h('summary', {}, 'Ids and contracts'),
    facts([
      ['pool', { whole: id }],
      ['pool contract', { whole: poolContract }],
      ['lending contract', { whole: lendingContract }],
      ['token', { whole: tokenContract }],
    ]),
  );

const lentWords = ({ total, locked, assetCode }) =>
  [
    ...(total === null ? [] : [`${percentOf(locked, total)} of the total is lent`]),
    ...(assetCode ? [`amounts in ${assetCode}`] : []),
  ].join(' · ');

/** The state as a word with a colour and a sign. */
function chipOf(pool) {
  const words = standingWords(pool);
  if (pool.state === 'closed') return { kind: 'closed', text: '■ closed' };
  if (words.startsWith('●')) return { kind: 'good', text: words };
  return pool.state === 'active'
    ? { kind: 'bad', text: `${words[0]} refuses holds` }
    : { kind: 'bad', text: `${words[0]} ${pool.state}` };
}

function termLink(poolId, { term, name, sign, rows = term }) {
  const amount = h('span', { class: 'amount' });
  const link = h(
    'a',
    { href: `#/pools/${poolId}/${rows}`, class: 'term', 'data-term': term },
    h('span', { class: `swatch ${term}`, 'aria-hidden': 'true' }),
    h('span', { class: 'name' }, name),
    ' ',
    amount,
  );
  return {
    amount,
    link,
    item: h('li', {}, sign === '' ? null : h('span', { class: 'sign' }, sign), link),
  };
}

/**
 * By the clock, not by the last event, because no event reports that a snapshot gets old. Closed
 * pools are not observed.
 */
export const isStale = ({ state, readAt, maxSnapshotAgeSeconds }) =>
  state !== 'closed' &&
  readAt !== null &&
  now() - Date.parse(readAt) > maxSnapshotAgeSeconds * 1000;

/** Whether the pool would take a hold now. The state alone does not say so. */
export function standingWords(pool) {
  return pool.state === 'active' ? takes(pool) : `■ ${STATES[pool.state] ?? pool.state}`;
}
/** Whether the pool needs attention. */
export const isTroubled = (pool) => pool.state !== 'closed' && !standingWords(pool).startsWith('●');
function takes(pool) {
  if (pool.atLedger === null) return '▲ takes no holds: it was never observed';
  if (pool.contractPaused)
    return (
      `■ takes no holds: ${pausedContracts(pool)} paused on the chain by the contracts' own ` +
      'administrator; only they can end the pause'
    );
  if (isStale(pool)) return '▲ takes no holds: its snapshot is stale';
  if (pool.shortfall !== '0') return '▲ takes no holds: more is held than was observed';
  return pool.available === '0' ? '● active, nothing is available' : '● takes holds';
}

/** Such as "its pool contract and lending contract are". */
function pausedContracts({ contractPauses }) {
  const names = (contractPauses ?? []).flatMap(({ contract, paused }) =>
    paused ? [contract === 'pool' ? 'pool contract' : contract.replace('_', ' ')] : [],
  );
  if (names.length === 0) return 'a contract is';
  return `its ${names.join(' and ')} ${names.length > 1 ? 'are' : 'is'}`;
}

const REASONS = {
  unexplained: 'a snapshot does not follow from the one before',
  contract_upgraded: 'a contract was upgraded',
  unreadable_event: 'an event that moves money cannot be read',
  unreadable_entry: 'an entry of a contract cannot be read',
  contracts_broken: 'its contracts do not work together',
};
/** Its pause is why the service paused it; null: a person paused it; undefined: not read yet. */
function pausedBy({ id, pause }) {
  if (pause === undefined) return null;
  return [
    'paused by',
    pause === null
      ? {
          text: 'an operator: the audit log says who and why',
          href: `#/audit?subject=${id}`,
        }
      : {
          text: `the service on ${moment(pause.at)}: ${REASONS[pause.reason] ?? pause.reason} (${pause.reason})`,
          href: `#/causes/${id}`,
        },
  ];
}

function standing(pool) {
  return facts([
    pool.state === 'paused' ? pausedBy(pool) : null,
    [
      'snapshot',
      pool.atLedger === null
        ? { text: 'never observed', strong: true }
        : { text: `ledger ${pool.atLedger}` },
    ],
    pool.readAt ? ['read', { since: pool.readAt }] : null,
    isStale(pool)
      ? [
          'trust',
          {
            text: `▲ stale: older than ${pool.maxSnapshotAgeSeconds} s, new holds are refused`,
            strong: true,
          },
        ]
      : null,
    ['token balance', grouped(pool.tokenBalance)],
    ['live holds', grouped(String(pool.liveHolds))],
    ['last loan id', pool.lastLoanId ?? 'not known'],
    ['next deadline', pool.nextDeadline === null ? 'none' : { until: pool.nextDeadline }],
  ]);
}
