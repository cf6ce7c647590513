import 'reflect-metadata';
import { readConfig } from './common/config.js';
import { asError } from './common/errors.js';
import { startService } from './service.js';

try {
  await startService(readConfig());
} catch (thrown) {
  console.error(asError(thrown).message);
  process.exitCode = 1;
}
