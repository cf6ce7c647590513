import { readConfig } from '../common/config.js';
import { asError } from '../common/errors.js';
import { DEMO_USAGE, demoPlan } from './demo-plan.js';
import { runDemo } from './demo-run.js';
import { UsageError } from './understood.js';

const live = process.stdout.isTTY;
const clear = live ? '\r\u001b[2K' : '';

try {
  const plan = demoPlan(process.argv.slice(2));
  process.exitCode = await runDemo(
    readConfig(),
    {
      say: (line) => {
        process.stdout.write(`${clear}${line}\n`);
      },
      progress: (line) => {
        if (live) process.stdout.write(`${clear}${line}`);
      },
    },
    plan,
  );
} catch (thrown) {
  console.error(asError(thrown).message);
  if (thrown instanceof UsageError) console.error(`\n${DEMO_USAGE}`);
  process.exitCode = thrown instanceof UsageError ? 2 : 1;
}
