import { userInfo } from 'node:os';
import type { OperatorNote } from '../modules/liquidity/pools/operator-actions.js';

/** Who acts on the command line, and why. */
export function noteOf({ reason }: { reason?: string | undefined }): OperatorNote {
  const { username } = userInfo();
  return { by: { kind: 'command', id: username, name: username }, reason: reason ?? null };
}
