import 'reflect-metadata';
import { loadEnvironment, readServiceConfig } from './common/config.js';
import { asError } from './common/errors.js';

const DOCTOR = '`npx holdfast doctor` checks everything that a start needs, and says what to do.';

try {
  loadEnvironment();
  const config = readServiceConfig();
  // Imported only now: the list of entities reads the configuration when it is loaded, and a bad
  // configuration would end in a stack trace.
  const { startService } = await import('./service.js');
  await startService(config);
} catch (thrown) {
  const error = asError(thrown);
  const isBusy = 'code' in error && error.code === 'EADDRINUSE';
  console.error(
    isBusy
      ? `${error.message}: another process listens there. Stop it, or choose another PORT ` +
          '(left unset, the next free one is taken).'
      : error.message,
  );
  console.error(DOCTOR);
  process.exitCode = 1;
}
