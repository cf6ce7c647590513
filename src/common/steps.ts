import { channel } from 'node:diagnostics_channel';

/**
 * The steps of one `POST /loans` at which a process may die. Crash tests kill it at each. Without a
 * listener a step costs one property read.
 */
export const STEPS = [
  'loan.received',
  'loan.key-checked',
  'loan.built',
  'hold.waiting',
  'transaction.begun',
  'hold.decided',
  'transaction.committing',
  'transaction.committed',
  'loan.held',
] as const;
/** The steps of one round of the lander, and of the round that finds what became of its landings. */
type LandingStep =
  | 'landing.started'
  | 'landing.chosen'
  | 'landing.built'
  | 'landing.stored'
  | 'landing.sent'
  | 'landing.noted'
  | 'landing.found';
export type Step = (typeof STEPS)[number] | LandingStep;
export interface StepMessage {
  readonly step: Step;
  readonly detail: unknown;
}

const steps = channel('holdfast:step');

/** Publishes on the diagnostics channel `holdfast:step` that a step was reached. */
export function reached(step: Step, detail?: unknown): void {
  if (steps.hasSubscribers) steps.publish({ step, detail } satisfies StepMessage);
}
