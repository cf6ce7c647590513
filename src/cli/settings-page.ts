import { SETTINGS } from '../common/settings.js';

const INTRODUCTION = `# Configuration

Made from the settings by \`npm run generate\`. Do not edit.

Every setting is an environment variable. Outside production each has a default, so that nothing has
to be set. With \`NODE_ENV=production\` nothing embedded starts, and the start lists every variable
that is missing or wrong.

Outside production the service and the command \`holdfast\` also read the file \`.env\` in the
working directory, one \`NAME=value\` a line. A variable that is set stays as it is. In production
nothing is read from files: set the environment.

Calls to a node that is not on this machine go through the proxy that \`HTTPS_PROXY\` or
\`HTTP_PROXY\` names, except for the hosts in \`NO_PROXY\`. Webhooks do not: the proxy would look the
host up itself, and the check that its address is public would mean nothing.

| variable | default | meaning |
|---|---|---|
`;

/** A pipe ends a cell of a table. */
const cell = (text: string): string => text.replaceAll('|', '\\|');

/** `docs/configuration.md`. */
export const settingsPage = (): string =>
  INTRODUCTION +
  SETTINGS.map(
    ({ name, fallback, meaning }) =>
      `| \`${name}\` | ${fallback === '' ? '' : `\`${cell(fallback)}\``} | ${cell(meaning)} |\n`,
  ).join('');
