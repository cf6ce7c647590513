import { ControlRefusal } from './control-refusal.js';
import { parseAmount } from '../../src/common/money.js';

/** Token units, as on Holdfast's own wire, in base units. @throws ControlRefusal */
export function baseUnits(text: string, decimals: number): bigint {
  const units = parseAmount(text, decimals);
  if (typeof units === 'string') throw new ControlRefusal(`${text} ${units}`);
  return units;
}
