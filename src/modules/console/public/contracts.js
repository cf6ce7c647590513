import { h, moment } from './dom.js';

/** Three days at five seconds a ledger, as the service's alarm. */
const SOON_LEDGERS = 51_840;

/** What may end a pool's contracts as they are: a line for each, and the first lifetime to end. */
export function contractLines() {
  const element = h('div', { class: 'contracts' });
  const update = ({ contracts, upgrades }) => {
    const first = contracts.find(({ ledgersLeft }) => ledgersLeft !== null);
    element.replaceChildren(
      ...upgrades.map((upgrade) => h('p', { class: 'warning' }, proposedWords(upgrade))),
      ...(first === undefined
        ? []
        : [
            h('p', first.ledgersLeft < SOON_LEDGERS ? { class: 'warning' } : {}, lapseWords(first)),
          ]),
    );
  };
  return { element, update };
}

const proposedWords = ({ wasmHash, generation, unlocksAt, contract }) =>
  `▲ An upgrade of ${contract.slice(0, 6)}… to code ${wasmHash.slice(0, 8)}… ` +
  `(${generation ?? 'generation not known'}) can be executed from ${moment(unlocksAt)}.`;

/** Such as "lending contract". */
const nameOf = (name) =>
  name.endsWith('contract') ? name.replaceAll('_', ' ') : `${name.replaceAll('_', ' ')} contract`;

const lapseWords = ({ name, ledgersLeft, lapsesAbout }) =>
  ledgersLeft === 0
    ? `▲ Archived: the ${nameOf(name)}.`
    : `First to lapse: the ${nameOf(name)}, in ${ledgersLeft} ledgers, about ${moment(lapsesAbout)}.`;
