import type { Command } from 'commander';
import { z } from 'zod';
import { formatXlm, stroopsOf } from '../common/money.js';
import { addressKind } from '../modules/chain/address.js';
import type { ChannelRecord } from '../modules/liquidity/landings/channel-registry.js';
import { checked, command, does, group, UsageError } from './command-line.js';
import { noteOf, reason } from './operator-note.js';
import { formatTable } from './table.js';
import type { Terminal } from './terminal.js';
import { type PrintFrom, printFrom } from './with-rooms.js';

/** Operations of one transaction. */
const CHANNELS_MAX = 100;
const isAccount = (text: string): boolean => addressKind(text) === 'account';
const addSchema = z.strictObject({
  name: z.string().min(1).max(100).default('channel'),
  reason,
});
const removeSchema = z.strictObject({ reason });
const fundSchema = z.strictObject({
  source: z.string('is required').refine(isAccount, 'must be an account address (G...)'),
  amount: z
    .string('is required')
    .regex(/^[1-9][0-9]{0,6}$/, 'must be a whole number of XLM, 1 to 9999999')
    .transform((text) => stroopsOf(BigInt(text))),
});
const REASON = ['--reason <text>', 'why, for the list of operator actions'] as const;

export function channelsCommand(terminal: Pick<Terminal, 'open' | 'say'>): Command {
  const withChannels = printFrom(terminal);
  return group(
    'channels',
    {
      summary: 'list, add, remove and fund the accounts that land signed authorizations',
      example: 'holdfast channels list',
    },
    [
      listCommand(withChannels),
      addCommand(withChannels),
      removeCommand(withChannels),
      fundCommand(withChannels),
    ],
  );
}

function listCommand(withChannels: PrintFrom): Command {
  return does(
    command('list', { summary: 'list the channels', example: 'holdfast channels list' }),
    () =>
      withChannels(async ({ channels, chain }) => {
        const all = await channels.list(chain.networkPassphrase);
        if (all.length === 0) return ['No channel yet: `holdfast channels add`'];
        const keys = new Set(chain.channelAccounts);
        return [
          formatTable(
            ['account', 'name', 'state', 'key here', 'XLM', 'at ledger', 'in flight'].map(
              (name) => ({ name, right: name === 'XLM' }),
            ),
            all.map((each) => rowOf(each, keys.has(each.account))),
          ),
        ];
      }),
  );
}

const rowOf = (channel: ChannelRecord, hasKey: boolean): string[] => [
  channel.account,
  channel.name,
  channel.state,
  hasKey ? 'yes' : 'no',
  channel.balance === null ? '-' : formatXlm(channel.balance),
  String(channel.balanceLedger ?? '-'),
  channel.inFlight ?? '-',
];

function addCommand(withChannels: PrintFrom): Command {
  return does(
    command('add', {
      summary: 'add channels: the accounts whose seeds are in the environment, or named ones',
      more:
        'The seeds stay in CHANNEL_SECRETS or in the file that CHANNEL_SECRETS_FILE names. The ' +
        'database knows the accounts only. A process lands with the channels of which it has a seed.',
      example: 'holdfast channels add --name "landing 1 to 24"',
    })
      .argument('[ACCOUNTS...]', 'accounts (G...); all those with a seed here when left out')
      .option('--name <text>', 'a name for them')
      .option(...REASON),
    (options, named) => {
      const { name, ...note } = checked(addSchema, options);
      return withChannels(async ({ channels, chain }) => {
        const accounts = accountsOf(named, chain.channelAccounts);
        const lines: string[] = [];
        for (const account of accounts) {
          const { added } = await channels.add(
            { network: chain.networkPassphrase, account, name },
            noteOf(note),
          );
          lines.push(`${account} ${added ? 'added' : 'was there already'}`);
        }
        return lines;
      });
    },
  );
}

function removeCommand(withChannels: PrintFrom): Command {
  return does(
    command('remove', {
      summary: 'take channels out of use; what they have in flight goes on',
      example: 'holdfast channels remove G... --reason "key rotation"',
    })
      .argument('<CHANNELS...>', 'accounts (G...), or names: all active channels that have one')
      .option(...REASON),
    (options, named) => {
      const note = noteOf(checked(removeSchema, options));
      return withChannels(async ({ channels, chain }) => {
        const lines: string[] = [];
        const all = await channels.list(chain.networkPassphrase);
        for (const account of accountsOf(named, [], all)) {
          await channels.remove({ network: chain.networkPassphrase, account }, note);
          lines.push(`${account} removed`);
        }
        return lines;
      });
    },
  );
}

function fundCommand(withChannels: PrintFrom): Command {
  return does(
    command('fund', {
      summary: 'print a transaction that pays XLM to the channels',
      more:
        'The transaction is unsigned: the account of --source signs it and pays. Accounts that do not ' +
        'exist are created. Submit it before another transaction of that account.',
      example: 'holdfast channels fund --source G... --amount 20',
    })
      .argument('[CHANNELS...]', 'accounts (G...) or names; all active channels when left out')
      .option('--source <account>', 'the account that signs and pays')
      .option('--amount <xlm>', 'XLM for each channel'),
    (options, named) => {
      const { source, amount } = checked(fundSchema, options);
      return withChannels(async ({ channels, chain }) => {
        await chain.verifyNetwork();
        const all = await channels.list(chain.networkPassphrase);
        const active = all.filter(isActive).map(({ account }) => account);
        const accounts = accountsOf(named, active, all);
        if (accounts.length > CHANNELS_MAX)
          throw new UsageError(`one transaction pays ${CHANNELS_MAX} channels; name some of them.`);
        const funding = await chain.buildChannelFunding({ source, channels: accounts, amount });
        if (funding.kind === 'no_account')
          throw new Error(`The account ${source} does not exist on this network.`);
        return [
          `Pays ${formatXlm(amount)} XLM to ${accounts.length} channels, ${funding.created.length} of them ` +
            `new; costs ${formatXlm(funding.fee)} XLM. Sign and submit it.`,
          funding.xdr,
        ];
      });
    },
  );
}

const isActive = ({ state }: ChannelRecord): boolean => state === 'active';

/**
 * @param known whose names are taken too: all active channels that have it
 * @throws UsageError when a text names no account, or nothing is left
 */
function accountsOf(
  named: readonly string[],
  otherwise: readonly string[],
  known: readonly ChannelRecord[] = [],
): readonly string[] {
  const found = named.flatMap((text) => {
    if (isAccount(text)) return [text];
    const having = known.filter((each) => isActive(each) && each.name === text);
    if (having.length > 0) return having.map(({ account }) => account);
    const orName = known.length > 0 ? ', and no active channel has this name' : '';
    throw new UsageError(`${text} is not an account address (G...)${orName}.`);
  });
  const accounts = named.length > 0 ? [...new Set(found)] : otherwise;
  if (accounts.length === 0)
    throw new UsageError('name accounts, or set CHANNEL_SECRETS or CHANNEL_SECRETS_FILE.');
  return accounts;
}
