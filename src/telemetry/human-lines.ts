/** Log lines as a person reads them in a terminal; a pipe or a file gets JSON. */

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};
/** In front of the line, or of no use to the person whose terminal it is. */
const APART = new Set([
  'level',
  'time',
  'pid',
  'hostname',
  'msg',
  'context',
  'req',
  'res',
  'responseTime',
]);

type Fields = Readonly<Record<string, unknown>>;

/** Lines of pino, each with its line break; what is none of its lines stays as it is. */
export const humanLines = (lines: string): string =>
  lines.replaceAll(/^\{.*\}$/gm, (line) => humanLine(line) ?? line);

function humanLine(line: string): string | null {
  const fields = fieldsIn(line);
  if (typeof fields?.['time'] !== 'number' || typeof fields['level'] !== 'number') return null;
  const { time, level, msg, context } = fields;
  const facts = Object.entries(fields)
    .filter(([name]) => !APART.has(name))
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const of = typeof context === 'string' ? `${context}: ` : '';
  return [
    `${new Date(time).toISOString().slice(11, 19)} ${(LEVELS[level] ?? String(level)).padEnd(5)}`,
    `${of}${requestIn(fields) ?? (typeof msg === 'string' ? msg : '')}`,
    ...facts,
  ].join(' ');
}

/** `GET /pools 200 in 12 ms`. */
function requestIn({ req, res, responseTime, msg }: Fields): string | null {
  const [asked, answered] = [recordIn(req), recordIn(res)];
  if (!asked || !answered) return null;
  const odd = msg === 'request completed' ? '' : `, ${String(msg)}`;
  const words = [asked['method'], asked['path'], answered['status'], 'in', responseTime, 'ms'];
  return `${words.map(String).join(' ')}${odd}`;
}

const recordIn = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null ? (value as Fields) : null;
function fieldsIn(line: string): Fields | null {
  try {
    return recordIn(JSON.parse(line) as unknown);
  } catch {
    return null;
  }
}
