import { userInfo } from 'node:os';
import { reason as required } from '../http/reason.schemas.js';
import type { OperatorNote } from '../modules/liquidity/pools/operator-actions.js';

/** As the list of operator actions takes it. */
export const reason = required.optional();

/** Who acts on the command line, and why. */
export function noteOf({ reason }: { reason?: string | undefined }): OperatorNote {
  const { username } = userInfo();
  return { by: { kind: 'command', id: username, name: username }, reason: reason ?? null };
}
