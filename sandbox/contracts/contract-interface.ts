import { xdr } from '@stellar/stellar-sdk';
import type { ContractCode, ContractFunction } from './host.js';

/**
 * The interface of a contract as its Wasm carries it: functions with what they take, errors, names
 * of events. What a function returns, and what is in an event, is left out.
 */
export function interfaceOf({
  functions,
  errors = {},
  events = [],
}: ContractCode): xdr.ScSpecEntry[] {
  return [
    ...Object.entries(functions).map(([name, { parameters }]) => functionEntry(name, parameters)),
    ...(Object.keys(errors).length > 0 ? [errorEntry(errors)] : []),
    ...events.map(eventEntry),
  ];
}

function functionEntry(
  name: string,
  parameters: ContractFunction['parameters'] = [],
): xdr.ScSpecEntry {
  const names = ARGUMENTS[name]?.split(' ') ?? [];
  return xdr.ScSpecEntry.scSpecEntryFunctionV0(
    new xdr.ScSpecFunctionV0({
      doc: '',
      name,
      inputs: parameters.map(
        ({ type = xdr.ScSpecTypeDef.scSpecTypeVal() }, at) =>
          new xdr.ScSpecFunctionInputV0({ doc: '', name: names[at] ?? `argument_${at}`, type }),
      ),
      outputs: [],
    }),
  );
}

function errorEntry(errors: Readonly<Record<string, number>>): xdr.ScSpecEntry {
  const cases = Object.entries(errors).map(
    ([name, value]) => new xdr.ScSpecUdtErrorEnumCaseV0({ doc: '', name, value }),
  );
  return xdr.ScSpecEntry.scSpecEntryUdtErrorEnumV0(
    new xdr.ScSpecUdtErrorEnumV0({ doc: '', lib: '', name: 'Error', cases }),
  );
}

const eventEntry = (name: string): xdr.ScSpecEntry =>
  xdr.ScSpecEntry.scSpecEntryEventV0(
    new xdr.ScSpecEventV0({
      doc: '',
      lib: '',
      name,
      prefixTopics: [name],
      params: [],
      dataFormat: xdr.ScSpecEventDataFormat.scSpecEventDataFormatSingleValue,
    }),
  );

/** Names of arguments, by function; the recordings name them. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  create_loan: 'user vendor total_amount guarantee_amount repayment_schedule loan_type',
  request_loan: 'user vendor total_amount guarantee_amount repayment_schedule loan_type',
  approve_loan: 'loan_id',
  cancel_loan: 'caller loan_id',
  repay_loan: 'borrower loan_id amount',
  repay_installment: 'borrower loan_id installment_index amount',
  mark_defaulted: 'loan_id',
  warn_grace_period: 'loan_id',
  apply_late_fees: 'loan_id',
  get_loan: 'loan_id',
  get_user_loans: 'borrower start limit',
  get_user_loan_count: 'borrower',
  get_user_active_debt: 'borrower',
  deposit: 'provider amount',
  withdraw: 'provider shares',
  fund_loan: 'creditline merchant amount',
  receive_repayment: 'creditline principal interest',
  receive_guarantee: 'creditline amount',
  get_lp_shares: 'provider',
  calculate_withdrawal: 'shares',
  set_admin: 'new_admin',
  set_creditline: 'admin creditline',
  set_treasury: 'admin treasury',
  set_merchant_fund: 'admin merchant_fund',
  set_parameters_contract: 'admin address',
  set_reputation_contract: 'admin address',
  set_vendor_registry: 'admin address',
  set_merchant_registry: 'admin address',
  set_liquidity_pool: 'admin address',
  upgrade: 'new_wasm_hash',
  pause: 'admin',
  unpause: 'admin',
  transfer: 'from to amount',
  supply: 'from amount',
  borrow: 'from amount',
  repay: 'from amount',
  get_supply: 'from',
  get_debt: 'from',
};
