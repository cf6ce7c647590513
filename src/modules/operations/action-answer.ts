import type { StoredAction } from '../liquidity/pools/operator-actions.js';
import type { ActionAnswer } from './operator.schemas.js';

export const renderAction = ({ at, facts, by, ...row }: StoredAction): ActionAnswer => ({
  ...row,
  by: { ...by },
  at: at.toISOString(),
  facts: { ...facts },
});
