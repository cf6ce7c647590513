import type { xdr } from '@stellar/stellar-sdk';
import { checkedMath, U64 } from './checked-math.js';
import { ParametersError } from './error-codes.js';
import { storedAdmin } from './exported-function.js';
import type { GenerationTraits } from './generations.js';
import type { Host } from './host.js';
import { type LongerParameters, parametersCodec } from './protocol-parameters.js';
import {
  address,
  bool,
  type Codec,
  i128,
  ScValTypeError,
  struct,
  symbol,
  u32,
  u64,
  vec,
  vecOf,
  voidValue,
} from './scval.js';

const PROPOSAL_LIFETIME_SECONDS = 604_800n;

export const parametersKey = {
  admin: symbol('ADMIN'),
  params: symbol('PARAMS'),
  signers: symbol('MSIG'),
  pendingSigners: symbol('MSIGPEND'),
  proposalIds: symbol('PROPIDS'),
  proposalCount: symbol('PROPCNT'),
  proposal: (id: bigint): xdr.ScVal => vec([symbol('Proposal'), u64.encode(id)]),
} as const;

interface Multisig {
  readonly signers: readonly string[];
  readonly threshold: number;
}
const multisig = struct<Multisig>({ signers: vecOf(address), threshold: u32 });

/**
 * A Rust enum whose variant carries a value: Vec[Symbol(Name), value]. Only the recorded action is
 * modelled.
 */
export function proposalAction(
  traits: Pick<GenerationTraits, 'longerParameters'>,
): Codec<LongerParameters> {
  const parameters = parametersCodec(traits);
  return {
    encode: (request) => vec([symbol('UpdateParameters'), parameters.encode(request)]),
    decode: (value) => {
      const [name, request] = value.type === 'scvVec' ? (value.value ?? []) : [];
      if (
        !name ||
        !request ||
        name.type !== 'scvSymbol' ||
        name.value.toString() !== 'UpdateParameters'
      )
        throw new ScValTypeError('UpdateParameters', value);
      return parameters.decode(request);
    },
  };
}

interface Proposal {
  readonly id: bigint;
  readonly proposer: string;
  readonly action: LongerParameters;
  readonly approvals: readonly string[];
  readonly executed: boolean;
  readonly created_at: bigint;
  readonly expires_at: bigint;
}
interface LongerProposal extends Proposal {
  readonly invalidated: boolean;
  /** The signers when it was made. */
  readonly snapshot: readonly string[];
}

function proposalCodec(
  traits: Pick<GenerationTraits, 'longerParameters'>,
  action: Codec<LongerParameters>,
): Codec<LongerProposal> {
  const fields = {
    id: u64,
    proposer: address,
    action,
    approvals: vecOf(address),
    executed: bool,
    created_at: u64,
    expires_at: u64,
  };
  if (traits.longerParameters)
    return struct<LongerProposal>({ ...fields, invalidated: bool, snapshot: vecOf(address) });
  const plain = struct<Proposal>(fields);
  return {
    encode: ({ invalidated: _invalidated, snapshot: _snapshot, ...short }) => plain.encode(short),
    decode: (value) => ({ ...plain.decode(value), invalidated: false, snapshot: [] }),
  };
}

/**
 * Only its admin names the signers and the number of approvals. From the third generation on the
 * admin has to confirm them.
 */
export function configureMultisig(
  host: Host,
  { signers, threshold }: Multisig,
  { longerParameters }: Pick<GenerationTraits, 'longerParameters'>,
): xdr.ScVal {
  const admin = storedAdmin(host, ParametersError);
  host.requireAuth(admin);
  if (threshold < 1 || threshold > signers.length)
    return host.trap('the threshold does not fit the signers');
  if (!longerParameters) return setSigners(host, { signers, threshold });
  host.write('instance', parametersKey.pendingSigners, multisig.encode({ signers, threshold }));
  leaveUnlocked(host);
  host.emit(
    [symbol('MSCONFPR'), address.encode(admin)],
    vec([u32.encode(threshold), vecOf(address).encode(signers)]),
  );
  return voidValue();
}

export function confirmMultisig(host: Host): xdr.ScVal {
  host.requireAuth(storedAdmin(host, ParametersError));
  const pending = multisig.decode(
    host.read('instance', parametersKey.pendingSigners) ?? host.trap('no signers are proposed'),
  );
  host.remove('instance', parametersKey.pendingSigners);
  return setSigners(host, pending);
}

function setSigners(host: Host, { signers, threshold }: Multisig): xdr.ScVal {
  host.write('instance', parametersKey.signers, multisig.encode({ signers, threshold }));
  leaveUnlocked(host);
  host.emit([symbol('MSCONFIG')], vec([u32.encode(signers.length), u32.encode(threshold)]));
  return voidValue();
}

/**
 * The published contract's guard against reentry has a flag. It is omitted here, because no
 * contract called here could call back.
 */
function leaveUnlocked(host: Host): void {
  host.write('instance', symbol('LOCKED'), bool.encode(false));
}

/** What signers do, in the layout of a generation. */
export function proposals(traits: Pick<GenerationTraits, 'longerParameters'>) {
  const action = proposalAction(traits);
  const record = proposalCodec(traits, action);
  return {
    actionCodec: action,
    propose: (host: Host, proposer: string, asked: LongerParameters) =>
      propose(host, { proposer, action: asked }, [record, traits]),
    approve: (host: Host, signer: string, id: bigint) => approve(host, { signer, id }, record),
    execute: (host: Host, id: bigint) => execute(host, id, [record, parametersCodec(traits)]),
  };
}

type ProposalRecord = Codec<LongerProposal>;

/** The proposer approves at once. @returns the proposal's id, u64; the first is 0 */
function propose(
  host: Host,
  { proposer, action }: { proposer: string; action: LongerParameters },
  [record, { longerParameters }]: readonly [
    ProposalRecord,
    Pick<GenerationTraits, 'longerParameters'>,
  ],
): xdr.ScVal {
  host.requireAuth(proposer);
  requireSigner(host, proposer);
  const stored = host.read('instance', parametersKey.proposalCount);
  const id = stored ? u64.decode(stored) : 0n;
  const times = checkedMath(
    host,
    { overflow: ParametersError.InvalidParameters, underflow: ParametersError.InvalidParameters },
    U64,
  );
  const now = host.ledger.timestamp;
  writeProposal(
    host,
    {
      id,
      proposer,
      action,
      approvals: [proposer],
      executed: false,
      created_at: now,
      expires_at: times.add(now, PROPOSAL_LIFETIME_SECONDS),
      invalidated: false,
      snapshot: multisigOf(host).signers,
    },
    record,
  );
  host.write('instance', parametersKey.proposalCount, u64.encode(times.add(id, 1n)));
  if (longerParameters) noteProposal(host, id);
  host.emit([symbol('PROPNEW'), address.encode(proposer)], u64.encode(id));
  return u64.encode(id);
}

function noteProposal(host: Host, id: bigint): void {
  const ids = vecOf(u64);
  const present = host.read('instance', parametersKey.proposalIds);
  const known = present ? ids.decode(present) : [];
  host.write('instance', parametersKey.proposalIds, ids.encode([...known, id]));
}

function approve(
  host: Host,
  { signer, id }: { signer: string; id: bigint },
  record: ProposalRecord,
): xdr.ScVal {
  host.requireAuth(signer);
  requireSigner(host, signer);
  const proposal = openProposal(host, id, record);
  if (proposal.approvals.includes(signer)) return host.trap('the signer has approved already');
  const approvals = [...proposal.approvals, signer];
  writeProposal(host, { ...proposal, approvals }, record);
  host.emit(
    [symbol('PROPAPPR'), address.encode(signer)],
    vec([u64.encode(id), u32.encode(approvals.length)]),
  );
  return voidValue();
}

/** Any account may execute a proposal that enough signers approved. */
function execute(
  host: Host,
  id: bigint,
  [record, parameters]: readonly [ProposalRecord, Codec<LongerParameters>],
): xdr.ScVal {
  const { threshold } = multisigOf(host);
  const proposal = openProposal(host, id, record);
  if (proposal.approvals.length < threshold) return host.fail(ParametersError.TooFewApprovals);
  const { action } = proposal;
  writeProposal(host, { ...proposal, executed: true }, record);
  host.write('instance', parametersKey.params, parameters.encode(action));
  host.emit(
    [symbol('PARMUPDT'), address.encode(storedAdmin(host, ParametersError))],
    vec([
      i128.encode(action.min_guarantee_percent),
      u32.encode(action.min_reputation_threshold),
      u32.encode(action.full_repayment_reward),
      u32.encode(action.default_penalty),
      i128.encode(action.large_loan_threshold),
      u32.encode(action.large_loan_default_penalty),
      u32.encode(action.base_interest_bps),
    ]),
  );
  host.emit([symbol('PROPEXEC')], u64.encode(id));
  return voidValue();
}

/** No recording has the numbers of these refusals: they are traps here. */
function multisigOf(host: Host): Multisig {
  return multisig.decode(
    host.read('instance', parametersKey.signers) ?? host.trap('no signers are set'),
  );
}

function requireSigner(host: Host, who: string): void {
  if (!multisigOf(host).signers.includes(who)) host.trap('not a signer');
}

function openProposal(host: Host, id: bigint, record: ProposalRecord): LongerProposal {
  const proposal = record.decode(
    host.read('persistent', parametersKey.proposal(id)) ?? host.trap('no such proposal'),
  );
  return proposal.executed || host.ledger.timestamp > proposal.expires_at
    ? host.trap('the proposal is closed')
    : proposal;
}

function writeProposal(host: Host, proposal: LongerProposal, record: ProposalRecord): void {
  host.write('persistent', parametersKey.proposal(proposal.id), record.encode(proposal));
}
