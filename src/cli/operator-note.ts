import { userInfo } from 'node:os';
import { z } from 'zod';
import type { OperatorNote } from '../modules/liquidity/pools/operator-actions.js';

/** As the list of operator actions takes it. */
export const reason = z.string().trim().min(3).max(1000).optional();

/** Who acts on the command line, and why. */
export function noteOf({ reason }: { reason?: string | undefined }): OperatorNote {
  const { username } = userInfo();
  return { by: { kind: 'command', id: username, name: username }, reason: reason ?? null };
}
