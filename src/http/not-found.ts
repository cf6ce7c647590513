import { HoldfastError } from '../common/errors.js';

/**
 * Problems for what does not exist and for what belongs to another caller. Both have the same
 * words.
 */
export const poolNotFound = (id: string): HoldfastError =>
  new HoldfastError('POOL_NOT_FOUND', `There is no pool ${id}; GET /pools lists them.`);
export const loanNotFound = (id: string): HoldfastError =>
  new HoldfastError('LOAN_NOT_FOUND', `There is no loan ${id}.`);
export const reservationNotFound = (id: string): HoldfastError =>
  new HoldfastError('RESERVATION_NOT_FOUND', `There is no reservation ${id}.`);
export const keyNotFound = (id: string): HoldfastError =>
  new HoldfastError('KEY_NOT_FOUND', `There is no key ${id}.`);
