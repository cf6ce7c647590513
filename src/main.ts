import 'reflect-metadata';
import { readServiceConfig } from './common/config.js';
import { asError } from './common/errors.js';
import { startService } from './service.js';

try {
  await startService(readServiceConfig());
} catch (thrown) {
  console.error(asError(thrown).message);
  process.exitCode = 1;
}
