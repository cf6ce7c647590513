import * as api from './api.js';
import { actionButton, ask } from './dialog.js';
import { grouped, h } from './dom.js';
import { signedIn } from './session.js';

/** What an operator can do here: every action goes through the operator API, with a reason. */

const by = () => signedIn().name;
const times = (count, what) => `${count} ${what}${count === 1 ? '' : 's'}`;

const pause = ({ id, name }) =>
  ask({
    title: `Pause ${name}`,
    verb: 'Pause the pool',
    by: by(),
    about:
      'The pool takes no new holds. Live holds go on to their end: what the chain proves is still recorded.',
    run: async (body) => {
      await api.act('POST', `/operator/pools/${id}/pause`, { body });
      return `${name} is paused.`;
    },
  });

const resume = ({ id, name, state }) =>
  ask({
    title: `Resume ${name}`,
    verb: 'Take holds again',
    by: by(),
    about:
      state === 'quarantined'
        ? 'The quarantine ends by chain time only. The pool takes holds after it.'
        : 'The pool takes new holds again. If the service paused it, read its breaks first. After an ' +
          'upgrade the code of its contracts is read and must be known.',
    run: async (body) => {
      const { state: now } = await api.act('POST', `/operator/pools/${id}/resume`, { body });
      return `${name} is ${now}.`;
    },
  });

const observe = ({ id, name }) =>
  ask({
    title: `Observe ${name} now`,
    verb: 'Observe now',
    by: by(),
    about:
      'Reads the pool and the transactions of its live holds, as the worker does every few seconds.',
    run: async (body) => {
      const found = await api.act('POST', `/operator/pools/${id}/observation`, { body });
      return (
        `${name} was observed${found.advanced ? '' : ': no newer ledger'}. ` +
        `Settled ${found.settled}, released ${found.released}, expired ${found.expired}.`
      );
    },
  });

const reconcile = ({ id, name }) =>
  ask({
    title: `Reconcile ${name} now`,
    verb: 'Reconcile now',
    by: by(),
    about: "Reads the pool's events from the chain and explains its snapshots by them.",
    run: async (body) => {
      const found = await api.act('POST', `/operator/pools/${id}/reconciliation`, { body });
      return (
        `${name} is reconciled through ledger ${found.throughLedger ?? 'none'}: ` +
        `${times(found.pairs, 'snapshot')} explained, ${found.unexplained} not` +
        `${found.again ? '; more is left' : ''}.`
      );
    },
  });

/** The actions of a pool, for its state. */
export function poolActions() {
  const element = h('div', { class: 'actions', role: 'group', 'aria-label': 'Actions' });
  let shown = '';
  const update = (pool) => {
    const state = `${pool.id} ${pool.state} ${pool.name}`;
    if (state === shown) return;
    shown = state;
    element.replaceChildren(
      ...(pool.state === 'closed'
        ? []
        : [
            pool.state === 'active'
              ? actionButton('Pause…', () => pause(pool), { danger: true })
              : actionButton('Resume…', () => resume(pool)),
            actionButton('Observe now…', () => observe(pool)),
          ]),
      actionButton('Reconcile now…', () => reconcile(pool)),
      h('a', { href: `#/audit?subject=${pool.id}` }, 'Operator actions'),
    );
  };
  return { element, update };
}

const ENDS = [
  ['expired', 'expired: every deadline has passed, and it did not land'],
  ['settled', 'settled: it landed'],
  ['released', 'released: it did not land, and its sequence number is used'],
];

/** For a hold that no certificate can end. @param changed runs after it was ended */
export const resolveButton = (reservation, changed) =>
  actionButton(
    'Resolve…',
    () =>
      ask({
        title: 'End this hold by decision',
        verb: 'End the hold',
        grave: true,
        by: by(),
        about:
          `${grouped(reservation.amount)} of ${reservation.borrower.slice(0, 6)}… is held. The service ` +
          'looks for a proof first and records that instead. It refuses while a proof can still come, ' +
          'and refuses what contradicts the chain.',
        fields: [
          { name: 'as', label: 'It ended as', kind: 'select', options: ENDS },
          {
            name: 'ledger',
            label: 'Ledger in which it landed',
            kind: 'number',
            min: '1',
            hint: 'Needed when it settled; empty otherwise.',
          },
        ],
        run: async ({ as, ledger, reason }) => {
          const body = { as, reason, ...(ledger === '' ? {} : { ledger: Number(ledger) }) };
          const path = `/operator/reservations/${reservation.id}/resolution`;
          const { sentence } = await api.act('POST', path, { body });
          changed();
          return sentence;
        },
      }),
    { danger: true },
  );

/** What the worker does every few ledgers. @param changed runs after it */
export const resubmitButton = (reservation, changed) =>
  actionButton('Submit again…', () =>
    ask({
      title: 'Submit what the borrower signed again',
      verb: 'Submit it again',
      by: by(),
      about:
        'The service looks at the chain first and records what it proves. It withholds a ' +
        'transaction that would fail. The worker does this every few ledgers anyway.',
      run: async (body) => {
        const path = `/operator/reservations/${reservation.id}/resubmission`;
        const { sentence } = await api.act('POST', path, { body });
        changed();
        return sentence;
      },
    }),
  );

const WORD = 'quarantine';
/** After a restore that the service cannot notice. */
export const quarantineButton = () =>
  actionButton(
    'Quarantine every pool…',
    () =>
      ask({
        title: 'Quarantine every pool',
        verb: 'Quarantine',
        grave: true,
        word: WORD,
        by: by(),
        about:
          'For a database that was restored from a copy. No pool takes holds until every transaction ' +
          'that may exist is dead by chain time. Nothing ends the quarantine earlier.',
        run: async (body) => {
          const { pools } = await api.act('POST', '/operator/quarantine', { body });
          return `Quarantined: ${times(pools, 'pool')}.`;
        },
      }),
    { danger: true },
  );

export const selfCheckButton = () =>
  actionButton('Check every counter…', () =>
    ask({
      title: 'Compare every counter with the sum of its reservations',
      verb: 'Check',
      by: by(),
      about: 'Nothing is corrected.',
      run: async (body) => {
        const { differences } = await api.act('POST', '/operator/self-check', { body });
        return differences.length === 0
          ? 'Every counter is the sum of its reservations.'
          : `▲ ${times(differences.length, 'counter')} differ: ${differences
              .map(({ poolId, counter, difference }) => `${counter} of ${poolId} by ${difference}`)
              .join('; ')}.`;
      },
    }),
  );
