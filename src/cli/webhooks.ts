import { runCommand } from './run-command.js';
import { runWebhooks } from './webhooks.command.js';

await runCommand(runWebhooks);
