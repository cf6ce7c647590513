import { xdr } from '@stellar/stellar-sdk';
import { invalidParams, isRecord, type RpcParams } from './json-rpc.js';

interface Decodable {
  fromXdr(text: string, format: 'base64'): { toJson(): unknown };
}
/** A member with XDR: its name in a JSON reply, and its type. */
type Fields = Readonly<Record<string, readonly [name: string, type: Decodable]>>;

const TRANSACTION: Fields = {
  envelopeXdr: ['envelopeJson', xdr.TransactionEnvelope],
  resultXdr: ['resultJson', xdr.TransactionResult],
  resultMetaXdr: ['resultMetaJson', xdr.TransactionMeta],
  diagnosticEventsXdr: ['diagnosticEventsJson', xdr.DiagnosticEvent],
  transactionEventsXdr: ['transactionEventsJson', xdr.TransactionEvent],
  contractEventsXdr: ['contractEventsJson', xdr.ContractEvent],
};
const METHODS: Readonly<Record<string, Fields>> = {
  getTransaction: TRANSACTION,
  getTransactions: TRANSACTION,
  sendTransaction: {
    errorResultXdr: ['errorResultJson', xdr.TransactionResult],
    diagnosticEventsXdr: ['diagnosticEventsJson', xdr.DiagnosticEvent],
  },
  simulateTransaction: {
    transactionData: ['transactionDataJson', xdr.SorobanTransactionData],
    events: ['eventsJson', xdr.DiagnosticEvent],
    auth: ['authJson', xdr.SorobanAuthorizationEntry],
    xdr: ['returnValueJson', xdr.ScVal],
    key: ['keyJson', xdr.LedgerKey],
    before: ['beforeJson', xdr.LedgerEntry],
    after: ['afterJson', xdr.LedgerEntry],
  },
  getLedgerEntries: {
    key: ['keyJson', xdr.LedgerKey],
    xdr: ['dataJson', xdr.LedgerEntryData],
    extXdr: ['extJson', xdr.LedgerEntryExt],
  },
  getEvents: { topic: ['topicJson', xdr.ScVal], value: ['valueJson', xdr.ScVal] },
  getLedgers: {
    headerXdr: ['headerJson', xdr.LedgerHeaderHistoryEntry],
    metadataXdr: ['metadataJson', xdr.LedgerCloseMeta],
  },
};

/** Whether a call asks for JSON in place of XDR. @throws RpcError */
export function wantsJson(params: RpcParams): boolean {
  const format = params['xdrFormat'] ?? '';
  if (format === '' || format === 'base64') return false;
  if (format === 'json') return true;
  throw invalidParams(`expected base64 or json for optional 'xdrFormat'`);
}

/** The same reply with JSON (SEP-51) in place of each XDR. */
export const withJson = (method: string, reply: unknown): unknown => {
  const fields = METHODS[method];
  return fields ? walked(reply, fields) : reply;
};

function walked(value: unknown, fields: Fields): unknown {
  if (Array.isArray(value)) return value.map((each) => walked(each, fields));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const field = fields[name];
      // an object with the name of such a member has them inside
      if (!field || isRecord(member)) return [name, walked(member, fields)];
      return [field[0], decoded(member, field[1])];
    }),
  );
}

function decoded(member: unknown, type: Decodable): unknown {
  if (Array.isArray(member)) return member.map((each) => decoded(each, type));
  return typeof member === 'string' ? type.fromXdr(member, 'base64').toJson() : member;
}
