import { xdr } from '@stellar/stellar-sdk';
import { interfaceOf } from '../contracts/contract-interface.js';
import type { ContractCode } from '../contracts/host.js';
import { codeBytes } from './generation-costs.js';
import { PROTOCOL_VERSION } from './network-limits.js';

/** `\0asm`, version 1. */
const HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
const CUSTOM_SECTION = 0;

/**
 * A Wasm module without functions, with the sections that a published contract has: its interface,
 * the version of the host's interface, and a note that names the model. It has the recorded size.
 */
export function modelWasm(code: ContractCode, label: string): Uint8Array {
  const note = new xdr.ScMetaV0({ key: 'holdfast_model', val: label });
  const environment = new xdr.ScEnvMetaEntryInterfaceVersion({
    protocol: PROTOCOL_VERSION,
    preRelease: 0,
  });
  const sections = [
    customSection('contractspecv0', Buffer.concat(interfaceOf(code).map((each) => each.toXdr()))),
    customSection(
      'contractenvmetav0',
      xdr.ScEnvMetaEntry.scEnvMetaKindInterfaceVersion(environment).toXdr(),
    ),
    customSection('contractmetav0', xdr.ScMetaEntry.scMetaV0(note).toXdr()),
  ];
  const module = Buffer.concat([HEADER, ...sections]);
  const missing = codeBytes(code) - module.length;
  const filling = missing - customSection('filling', new Uint8Array()).length;
  return filling < 0
    ? module
    : Buffer.concat([module, customSection('filling', new Uint8Array(filling))]);
}

/** Its size takes five bytes, so that a section can be made to fill a gap exactly. */
function customSection(name: string, content: Uint8Array): Uint8Array {
  const body = named(name, content);
  return Buffer.concat([Uint8Array.of(CUSTOM_SECTION), leb128(body.length, 5), body]);
}

const named = (name: string, content: Uint8Array): Uint8Array =>
  Buffer.concat([leb128(Buffer.byteLength(name)), Buffer.from(name), content]);

/** An unsigned integer in the variable length of Wasm, seven bits a byte. */
function leb128(value: number, bytes = 1): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, at) => {
    const part = (value >>> (7 * at)) & 0x7f;
    return at < bytes - 1 ? part | 0x80 : part;
  });
}
