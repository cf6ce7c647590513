import { readConfig } from '../common/config.js';
import { asError } from '../common/errors.js';
import { runDemo } from './demo.run.js';

const live = process.stdout.isTTY;
const clear = live ? '\r\u001b[2K' : '';

try {
  process.exitCode = await runDemo(readConfig(), {
    say: (line) => { process.stdout.write(`${clear}${line}\n`); },
    progress: (line) => { if (live) process.stdout.write(`${clear}${line}`); },
  });
} catch (thrown) {
  console.error(asError(thrown).message);
  process.exitCode = 1;
}
