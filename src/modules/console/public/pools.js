import { facts, grouped, h, moment, now, setText } from './dom.js';

/**
 * The terms of `observed available = available + held + in flight + buffer`, in the order of the
 * bar.
 */
export const TERMS = [
  { term: 'available', name: 'available', field: 'available', sign: '=' },
  { term: 'held', name: 'held', field: 'held', sign: '+' },
  { term: 'in-flight', name: 'in flight', field: 'inFlight', sign: '+' },
  { term: 'buffer', name: 'buffer', field: 'buffer', sign: '+' },
];
/** Shown only when it is not zero; the equation would be wrong without it. */
const SHORTFALL = { term: 'breaks', name: 'shortfall', field: 'shortfall', sign: '−' };
const OBSERVED = {
  term: 'observed',
  name: 'observed available',
  field: 'observedAvailable',
  sign: '',
};
const STATES = {
  paused: 'paused: takes no new holds',
  quarantined: 'quarantined: takes no new holds until every earlier transaction is dead',
  closed: 'closed',
};

/**
 * One pool: the bar, the equation below it with a link on every term, and the snapshot it rests on.
 * Built once, then updated in place.
 */
export function poolCard(pool, { level }) {
  const heading = h(level, { id: `pool-${pool.id}`, tabindex: level === 'h1' ? '-1' : null });
  const bar = h('div', { class: 'bar', 'aria-hidden': 'true' });
  const segments = new Map(
    TERMS.map(({ term }) => [
      term,
      h('a', {
        class: `segment ${term}`,
        href: `#/pools/${pool.id}/${term}`,
        tabindex: '-1',
        'data-segment': term,
      }),
    ]),
  );
  const missing = h('a', {
    class: 'missing',
    href: `#/pools/${pool.id}/breaks`,
    tabindex: '-1',
    hidden: true,
  });
  bar.append(...segments.values(), missing);
  const terms = new Map(
    [OBSERVED, ...TERMS, SHORTFALL].map((each) => [each.term, termLink(pool.id, each)]),
  );
  const equation = h('ul', { class: 'equation' }, ...[...terms.values()].map(({ item }) => item));
  const shortfall = h('p', { class: 'warning', hidden: true });
  const under = h('div', {});
  const card = h(
    'article',
    { class: 'pool', 'aria-labelledby': `pool-${pool.id}` },
    h('div', { class: 'head' }, heading),
    shortfall,
    bar,
    equation,
    under,
  );
  const update = (now) => {
    heading.replaceChildren(
      level === 'h2' ? h('a', { href: `#/pools/${now.id}` }, now.name) : now.name,
    );
    const all = TERMS.reduce((sum, { field }) => sum + Number(now[field]), 0);
    for (const { term, field } of TERMS) {
      // a width, not an amount; shares that sum to less than 1 would not fill the bar
      segments.get(term).style.flexGrow = String(Number(now[field]) / (all || 1));
      segments.get(term).hidden = Number(now[field]) === 0;
    }
    for (const each of [OBSERVED, ...TERMS, SHORTFALL])
      setText(terms.get(each.term).amount, grouped(now[each.field]));
    shortfall.hidden = now.shortfall === '0';
    missing.hidden = shortfall.hidden;
    // what is held beyond the observed liquidity, at the end of the bar
    missing.style.width = `${Math.min(1, Number(now.shortfall) / (all || 1)) * 100}%`;
    terms.get(SHORTFALL.term).item.hidden = shortfall.hidden;
    setText(
      shortfall,
      `▲ Shortfall of ${grouped(now.shortfall)}: more is held than was observed. New holds are refused.`,
    );
    // none of it is available, whatever the bar shows
    bar.classList.toggle('closed', now.state === 'closed');
    under.replaceChildren(standing(now));
  };
  update(pool);
  return { card, update };
}

function termLink(poolId, { term, name, sign }) {
  const amount = h('span', { class: 'amount' });
  const link = h(
    'a',
    { href: `#/pools/${poolId}/${term}`, class: 'term', 'data-term': term },
    h('span', { class: `swatch ${term}`, 'aria-hidden': 'true' }),
    h('span', { class: 'name' }, name),
    ' ',
    amount,
  );
  return {
    amount,
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
      'administrator, and only they can end that'
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
/** @param pause why the service paused it; null: a person paused it; undefined: not read yet */
function pausedBy(pause) {
  if (pause === undefined) return null;
  return [
    'paused by',
    pause === null
      ? 'an operator: the list of operator actions says who and why'
      : `the service on ${moment(pause.at)}: ${REASONS[pause.reason] ?? pause.reason} (${pause.reason})`,
  ];
}

function standing(pool) {
  const state = standingWords(pool);
  return facts([
    ['state', { text: state, strong: !state.startsWith('●') }],
    pool.state === 'paused' ? pausedBy(pool.pause) : null,
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
    ['total', grouped(pool.total)],
    ['locked', grouped(pool.locked)],
    ['token balance', grouped(pool.tokenBalance)],
    ['live holds', grouped(String(pool.liveHolds))],
    ['last loan id', pool.lastLoanId ?? 'not known'],
    ['next deadline', pool.nextDeadline === null ? 'none' : { until: pool.nextDeadline }],
  ]);
}
