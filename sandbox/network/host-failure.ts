import { Address, StrKey, scValToNative, xdr } from '@stellar/stellar-sdk';

/** The host's log line where a failure begins. */
export interface FailureOrigin {
  readonly data: xdr.ScVal;
  /** Function of the host that failed; null when the contract ended itself. */
  readonly hostFunction: string | null;
}

/** Ends an invocation. `error` is the host's error. */
export class HostFailure extends Error {
  constructor(
    readonly error: xdr.ScError,
    readonly origin?: FailureOrigin,
  ) {
    super(errorText(error));
    this.name = 'HostFailure';
  }
  /** A callee that exceeded its footprint or budget cannot be caught by try_invoke (host rule). */
  get recoverable(): boolean {
    return !(
      this.error.type !== 'sceContract' &&
      this.error.value.name === 'scecExceededLimit' &&
      (this.error.type === 'sceStorage' || this.error.type === 'sceBudget')
    );
  }
}

const words = (value: string): xdr.ScVal => xdr.ScVal.scvString(value);
const storageExceeded = (data: readonly xdr.ScVal[], hostFunction: string): HostFailure =>
  new HostFailure(xdr.ScError.sceStorage(xdr.ScErrorCode.scecExceededLimit), {
    data: xdr.ScVal.scvVec([...data]),
    hostFunction,
  });

export const contractError = (code: number): HostFailure =>
  new HostFailure(xdr.ScError.sceContract(code), {
    data: words('escalating Ok(ScErrorType::Contract) frame-exit to Err'),
    hostFunction: null,
  });
export function dataOutsideFootprint(key: xdr.LedgerKey, hostFunction: string): HostFailure {
  if (key.type !== 'contractData')
    return storageExceeded(
      [words('trying to access an entry outside of the footprint')],
      hostFunction,
    );
  const { contract, key: name } = key.value;
  return name.type === 'scvLedgerKeyContractInstance'
    ? storageExceeded(
        [
          words('trying to access contract instance key outside of the footprint'),
          xdr.ScVal.scvAddress(contract),
        ],
        hostFunction,
      )
    : storageExceeded(
        [
          words('trying to access contract data key outside of the footprint'),
          xdr.ScVal.scvAddress(contract),
          name,
        ],
        hostFunction,
      );
}
export const codeOutsideFootprint = (hash: Uint8Array): HostFailure =>
  storageExceeded(
    [words('trying to access contract code outside of the footprint'), xdr.ScVal.scvBytes(hash)],
    'call',
  );
export const missingValue = (): HostFailure =>
  new HostFailure(xdr.ScError.sceStorage(xdr.ScErrorCode.scecMissingValue));
/** `require_auth` fails: the host's words, then what they are about. */
export const authFailure = (
  code: 'scecInvalidAction' | 'scecInvalidInput' | 'scecExistingValue',
  text: string,
  ...details: readonly xdr.ScVal[]
): HostFailure =>
  new HostFailure(xdr.ScError.sceAuth(xdr.ScErrorCode[code]), {
    data: xdr.ScVal.scvVec([words(text), ...details]),
    hostFunction: 'require_auth',
  });
export const notAuthorized = (address: string): HostFailure =>
  authFailure(
    'scecInvalidAction',
    'Unauthorized function call for address',
    new Address(address).toScVal(),
  );
/** A recording takes signatures for the first call only, or for calls below a signed one. */
export const notTiedToRoot = (address: string, isCaller: boolean): HostFailure =>
  authFailure(
    'scecInvalidAction',
    isCaller
      ? '[recording authorization only] encountered unauthorized call for a contract earlier in ' +
          'the call stack, make sure that you have called `authorize_as_current_contract()` with ' +
          'the appropriate arguments for it.'
      : '[recording authorization only] encountered authorization not tied to the root contract ' +
          'invocation for an address. Use `require_auth()` in the top invocation or enable ' +
          'non-root authorization.',
    new Address(address).toScVal(),
  );
/** A nonce that is not declared: the first line of the log, and the failure. */
export function outsideOfFootprint(
  holder: xdr.ScVal,
  nonce: bigint,
): readonly [FailureOrigin & { readonly error: xdr.ScError }, HostFailure] {
  const error = xdr.ScError.sceStorage(xdr.ScErrorCode.scecExceededLimit);
  const key = xdr.ScVal.scvLedgerKeyNonce(new xdr.ScNonceKey({ nonce }));
  const data = xdr.ScVal.scvVec([
    words('trying to access nonce outside of the footprint'),
    holder,
    key,
  ]);
  return [
    { error, data, hostFunction: null },
    storageExceeded(
      [words('trying to access nonce outside of footprint for address'), holder],
      'require_auth',
    ),
  ];
}
/** Names that begin with two underscores belong to the host. */
export const reservedFunction = (fn: string): HostFailure =>
  new HostFailure(xdr.ScError.sceContext(xdr.ScErrorCode.scecInvalidAction), {
    data: xdr.ScVal.scvVec([
      words("can't invoke a reserved function directly"),
      xdr.ScVal.scvSymbol(fn),
    ]),
    hostFunction: null,
  });
export const trapped = (): HostFailure =>
  new HostFailure(xdr.ScError.sceWasmVm(xdr.ScErrorCode.scecInvalidAction));
export const noSuchFunction = (): HostFailure =>
  new HostFailure(xdr.ScError.sceWasmVm(xdr.ScErrorCode.scecMissingValue));
export const depthExceeded = (): HostFailure =>
  new HostFailure(xdr.ScError.sceContext(xdr.ScErrorCode.scecExceededLimit));

/** The host's log line when the declared instructions run out while the contract runs. */
export function budgetExceeded(contract: string, fn: string): readonly Diagnostic[] {
  const error = xdr.ScError.sceBudget(xdr.ScErrorCode.scecExceededLimit);
  const noted = (topics: readonly xdr.ScVal[], data: xdr.ScVal): Diagnostic => ({
    contract,
    type: 'diagnostic',
    topics,
    data,
    successful: false,
  });
  return [
    noted(
      [xdr.ScVal.scvSymbol('error'), xdr.ScVal.scvError(error)],
      xdr.ScVal.scvVec([words('VM call trapped: OutOfFuel'), xdr.ScVal.scvSymbol(fn)]),
    ),
    noted(
      [xdr.ScVal.scvSymbol('log')],
      xdr.ScVal.scvVec([
        words('VM call trapped with HostError'),
        xdr.ScVal.scvSymbol(fn),
        xdr.ScVal.scvError(error),
      ]),
    ),
  ];
}

/** Such as `Error(Contract, #5)` or `Error(Storage, ExceededLimit)`. */
export function errorText(error: xdr.ScError): string {
  return error.type === 'sceContract'
    ? `Error(Contract, #${error.value})`
    : `Error(${error.type.slice(3)}, ${error.value.name.slice(4)})`;
}

export interface Diagnostic {
  readonly contract: string | null;
  readonly type: 'diagnostic' | 'contract' | 'system';
  readonly topics: readonly xdr.ScVal[];
  readonly data: xdr.ScVal;
  readonly successful: boolean;
}

export function contractEvent(
  event: Pick<Diagnostic, 'contract' | 'type' | 'topics' | 'data'>,
): xdr.ContractEvent {
  return new xdr.ContractEvent({
    ext: xdr.ExtensionPoint.v0(),
    contractId:
      event.contract === null ? null : new xdr.ContractId(StrKey.decodeContract(event.contract)),
    type: xdr.ContractEventType[event.type],
    body: xdr.ContractEventBody.v0(
      new xdr.ContractEventV0({ topics: [...event.topics], data: event.data }),
    ),
  });
}

export function diagnosticEvent(event: Diagnostic): xdr.DiagnosticEvent {
  return new xdr.DiagnosticEvent({
    inSuccessfulContractCall: event.successful,
    event: contractEvent(event),
  });
}

/**
 * The text that a simulation returns: the error, then the log, newest first, so that its last error
 * line is the origin.
 */
export function hostErrorText(failure: HostFailure, log: readonly Diagnostic[]): string {
  const lines = log.toReversed().map((event, index) => {
    const kind = event.type === 'contract' ? 'Contract Event' : 'Diagnostic Event';
    const origin = event.contract === null ? '' : `contract:${event.contract}, `;
    return (
      `   ${index}: ` +
      `[${event.successful || kind === 'Diagnostic Event' ? '' : 'Failed '}${kind}] ` +
      `${origin}topics:[${event.topics.map(valueText).join(', ')}], ` +
      `data:${valueText(event.data)}`
    );
  });
  return `HostError: ${errorText(failure.error)}\n\nEvent log (newest first):\n${lines.join('\n')}\n`;
}

function valueText(value: xdr.ScVal): string {
  switch (value.type) {
    case 'scvError':
      return errorText(value.value);
    case 'scvString':
      return JSON.stringify(value.value.toString());
    case 'scvSymbol':
      return value.value.toString();
    case 'scvAddress':
      return Address.fromScVal(value).toString();
    case 'scvVoid':
      return 'Void';
    case 'scvVec':
      return `[${(value.value ?? []).map(valueText).join(', ')}]`;
    case 'scvMap':
      return `{${(value.value ?? []).map((entry) => `${valueText(entry.key)}: ${valueText(entry.val)}`).join(', ')}}`;
    case 'scvBytes':
      return `Bytes(${Buffer.from(value.value.toBytes()).toString('hex')})`;
    case 'scvLedgerKeyContractInstance':
      return 'LedgerKeyContractInstance';
    default:
      return String(scValToNative(value));
  }
}
