import type { xdr } from '@stellar/stellar-sdk';
import { checkedMath, U64 } from './checked-math.js';
import { ParametersError } from './error-codes.js';
import { storedAdmin } from './exported-function.js';
import type { Host } from './host.js';
import { type ProtocolParameters, protocolParameters } from './protocol-parameters.js';
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
export const proposalAction: Codec<ProtocolParameters> = {
  encode: (request) => vec([symbol('UpdateParameters'), protocolParameters.encode(request)]),
  decode: (value) => {
    const [name, request] = value.type === 'scvVec' ? (value.value ?? []) : [];
    if (
      !name ||
      !request ||
      name.type !== 'scvSymbol' ||
      name.value.toString() !== 'UpdateParameters'
    )
      throw new ScValTypeError('UpdateParameters', value);
    return protocolParameters.decode(request);
  },
};

interface Proposal {
  readonly id: bigint;
  readonly proposer: string;
  readonly action: ProtocolParameters;
  readonly approvals: readonly string[];
  readonly executed: boolean;
  readonly created_at: bigint;
  readonly expires_at: bigint;
}
const proposalRecord = struct<Proposal>({
  id: u64,
  proposer: address,
  action: proposalAction,
  approvals: vecOf(address),
  executed: bool,
  created_at: u64,
  expires_at: u64,
});

/** Only its admin names the signers and the number of approvals. */
export function configureMultisig(host: Host, { signers, threshold }: Multisig): xdr.ScVal {
  host.requireAuth(storedAdmin(host, ParametersError));
  if (threshold < 1 || threshold > signers.length)
    return host.trap('the threshold does not fit the signers');
  host.write('instance', parametersKey.signers, multisig.encode({ signers, threshold }));
  // The published contract's guard against reentry has a flag. It is omitted here, because no
  // contract called here could call back.
  host.write('instance', symbol('LOCKED'), bool.encode(false));
  host.emit([symbol('MSCONFIG')], vec([u32.encode(signers.length), u32.encode(threshold)]));
  return voidValue();
}

/** The proposer approves at once. @returns the proposal's id, u64; the first is 0 */
export function propose(host: Host, proposer: string, action: ProtocolParameters): xdr.ScVal {
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
  writeProposal(host, {
    id,
    proposer,
    action,
    approvals: [proposer],
    executed: false,
    created_at: now,
    expires_at: times.add(now, PROPOSAL_LIFETIME_SECONDS),
  });
  host.write('instance', parametersKey.proposalCount, u64.encode(times.add(id, 1n)));
  host.emit([symbol('PROPNEW'), address.encode(proposer)], u64.encode(id));
  return u64.encode(id);
}

export function approve(host: Host, signer: string, id: bigint): xdr.ScVal {
  host.requireAuth(signer);
  requireSigner(host, signer);
  const proposal = openProposal(host, id);
  if (proposal.approvals.includes(signer)) return host.trap('the signer has approved already');
  const approvals = [...proposal.approvals, signer];
  writeProposal(host, { ...proposal, approvals });
  host.emit(
    [symbol('PROPAPPR'), address.encode(signer)],
    vec([u64.encode(id), u32.encode(approvals.length)]),
  );
  return voidValue();
}

/** Any account may execute a proposal that enough signers approved. */
export function execute(host: Host, id: bigint): xdr.ScVal {
  const { threshold } = multisigOf(host);
  const proposal = openProposal(host, id);
  if (proposal.approvals.length < threshold) return host.fail(ParametersError.TooFewApprovals);
  const { action } = proposal;
  writeProposal(host, { ...proposal, executed: true });
  host.write('instance', parametersKey.params, protocolParameters.encode(action));
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

function openProposal(host: Host, id: bigint): Proposal {
  const proposal = proposalRecord.decode(
    host.read('persistent', parametersKey.proposal(id)) ?? host.trap('no such proposal'),
  );
  return proposal.executed || host.ledger.timestamp > proposal.expires_at
    ? host.trap('the proposal is closed')
    : proposal;
}

function writeProposal(host: Host, proposal: Proposal): void {
  host.write('persistent', parametersKey.proposal(proposal.id), proposalRecord.encode(proposal));
}
