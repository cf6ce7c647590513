import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';

interface Pair {
  readonly key: string;
  readonly value: string;
  readonly disabled?: boolean;
}
interface Auth {
  readonly type: string;
  readonly bearer?: readonly Pair[];
}
interface Item {
  readonly name: string;
  readonly item?: readonly Item[];
  readonly event?: readonly { readonly listen: string; readonly script: { exec: string[] } }[];
  readonly request?: {
    readonly method: string;
    readonly auth?: Auth;
    readonly header: readonly Pair[];
    readonly body?: { readonly raw: string };
    readonly url: { readonly raw: string; readonly variable?: readonly Pair[] };
  };
}
interface Collection {
  readonly auth: Auth;
  readonly variable: readonly Pair[];
  readonly item: readonly Item[];
}

export interface Sent {
  readonly name: string;
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Sends the requests of a folder of the collection in order, with its variables and scripts, as far
 * as the generator uses them.
 * @param given values of variables
 * @param between may set variables after each answer
 */
export async function runFolder(
  folder: string,
  given: Readonly<Record<string, string>>,
  between: (sent: Sent, set: (key: string, value: string) => void) => void,
): Promise<Sent[]> {
  const collection = JSON.parse(readFileSync('docs/postman.json', 'utf8')) as Collection;
  const variables = new Map(collection.variable.map(({ key, value }) => [key, value]));
  for (const [key, value] of Object.entries(given)) variables.set(key, value);
  const set = (key: string, value: string): void => {
    variables.set(key, value);
  };
  const items = collection.item.find(({ name }) => name === folder)?.item ?? [];
  const all: Sent[] = [];
  for (const item of items) {
    runScripts(item, 'prerequest', set);
    const sent = await send(item, collection.auth, variables);
    runScripts(item, 'test', set, sent.body);
    all.push(sent);
    between(sent, set);
  }
  return all;
}

async function send(
  { name, request }: Item,
  auth: Auth,
  variables: ReadonlyMap<string, string>,
): Promise<Sent> {
  if (!request) throw new Error(`${name} is no request`);
  const filled = (text: string): string =>
    text.replaceAll(/\{\{([^}]+)\}\}/g, (_, key: string) =>
      key === '$guid' ? randomUUID() : (variables.get(key) ?? ''),
    );
  const url = (request.url.variable ?? []).reduce(
    (so, { key, value }) => so.replace(`/:${key}`, `/${value}`),
    request.url.raw,
  );
  const token = (request.auth ?? auth).bearer?.[0]?.value;
  const headers = request.header.filter(({ disabled }) => disabled !== true);
  const response = await fetch(filled(url), {
    method: request.method,
    headers: {
      ...Object.fromEntries(headers.map(({ key, value }) => [key, filled(value)])),
      ...(token !== undefined && { authorization: `Bearer ${filled(token)}` }),
    },
    ...(request.body && { body: filled(request.body.raw) }),
  });
  const body = (await response.json()) as Readonly<Record<string, unknown>>;
  return { name, status: response.status, body };
}

function runScripts(
  { event = [] }: Item,
  listen: string,
  set: (key: string, value: string) => void,
  body?: unknown,
): void {
  for (const { listen: when, script } of event)
    if (when === listen)
      runInNewContext(script.exec.join('\n'), {
        pm: { collectionVariables: { set }, response: { json: () => body } },
      });
}
