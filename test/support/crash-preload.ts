import { writeFileSync } from 'node:fs';
import { subscribe } from 'node:diagnostics_channel';
import type pg from 'pg';
import type { StepMessage } from '../../src/common/steps.js';

/**
 * Loaded into the service with --import by the crash tests only. CRASH_AT names a step of `POST
 * /loans` or of the lander: the process kills itself there, as a power cut would.
 * CRASH_AT=cut-after-commit destroys the database socket once, in the tick after COMMIT was written
 * to it: its answer can never arrive. HALT_AT stops the process once, until it gets SIGCONT. It waits
 * for the first request or landing, because the start is not tested.
 */
const at = process.env['CRASH_AT'];
const haltAt = process.env['HALT_AT'];
const STARTS = ['loan.received', 'landing.started', 'landing.found'];
let armed = false;
let done = false;

subscribe('holdfast:step', (message) => {
  const { step, detail } = message as StepMessage;
  armed ||= STARTS.includes(step);
  if (!armed || done) return;
  if (step === at) process.kill(process.pid, 'SIGKILL');
  if (step === haltAt) {
    done = true;
    writeFileSync(2, `halted at ${step}\n`);
    process.kill(process.pid, 'SIGSTOP');
  }
  if (at === 'cut-after-commit' && step === 'transaction.committing') {
    done = true;
    const { connection } = detail as {
      connection: { stream: { destroy(): void } };
    } & pg.ClientBase;
    process.nextTick(() => {
      connection.stream.destroy();
      writeFileSync(2, 'socket cut after COMMIT\n');
    });
  }
});
