import { writeSync } from 'node:fs';
import { registerHooks } from 'node:module';

/** Reports at the end which packages of OpenTelemetry the process has loaded, in any way. */
const loaded = new Set<string>();
registerHooks({
  load: (url, context, next) => {
    const name = /\/node_modules\/(@opentelemetry\/[^/]+)\//.exec(url)?.[1];
    if (name !== undefined) loaded.add(name);
    return next(url, context);
  },
});
process.on('exit', () => {
  writeSync(2, `\nloaded: ${JSON.stringify([...loaded].sort())}\n`);
});
