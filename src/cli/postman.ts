/** What the generator reads of the API's document. */
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly 'x-access'?: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly example?: unknown }>>;
  };
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
}
interface Document {
  readonly info: { readonly title: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

type Json = Readonly<Record<string, unknown>>;
interface Item extends Json {
  readonly name: string;
}

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
/** Filled in by the person, or by the scripts of the first loan. */
const VARIABLES: readonly (readonly [key: string, value: string, description: string])[] = [
  ['baseUrl', 'http://127.0.0.1:3000', 'Where the service is'],
  ['apiKey', '', 'A key of a backend: KEY of `npx holdfast local`'],
  ['operatorKey', '', 'A key with the scope operate: OPERATOR_KEY of `npx holdfast local`'],
  ['borrower', '', 'Account that borrows and signs: BORROWER of `npx holdfast local`'],
  ['vendor', '', 'Account that is paid: VENDOR of `npx holdfast local`'],
  ['signedXdr', '', 'What the borrower signed: `npx holdfast sign` on the answer of createLoan'],
  ['dueAt', '2027-01-31T00:00:00Z', 'When the loan is due; createLoan sets it 30 days ahead'],
  ['poolId', '', 'Set by listPools'],
  ['loanId', '', 'Set by createLoan'],
  ['reservationId', '', 'Set by createLoan'],
  ['webhookId', '', 'A webhook of yours'],
  ['deliveryId', '', 'A delivery of that webhook'],
  ['keyId', '', 'An API key'],
];
/** Members of bodies that a variable takes the place of. */
const IN_BODIES: ReadonlySet<string> = new Set([
  'poolId',
  'borrower',
  'vendor',
  'dueAt',
  'signedXdr',
]);

const FIRST_LOAN = ['listPools', 'quoteLoan', 'createLoan', 'getLoan', 'submitLoan', 'getLoan'];
const set = (name: string, value: string): string =>
  `pm.collectionVariables.set('${name}', ${value});`;
const DUE = set('dueAt', `new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString()`);
const BEFORE: Readonly<Record<string, readonly string[]>> = { quoteLoan: [DUE] };
const AFTER: Readonly<Record<string, readonly string[]>> = {
  listPools: [
    "const open = pm.response.json().pools.find(({ state }) => state === 'active');",
    `if (open) ${set('poolId', 'open.id')}`,
  ],
  createLoan: [
    'const { loan, reservation } = pm.response.json();',
    `if (loan) ${set('loanId', 'loan.id')}`,
    `if (reservation) ${set('reservationId', 'reservation.id')}`,
  ],
};

/** The API's document as a Postman collection of version 2.1, with a first loan to run in order. */
export function postmanCollection(openApi: string): string {
  const { info, tags, paths } = JSON.parse(openApi) as Document;
  const items = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      operation,
      item: itemOf(method.toUpperCase(), path, operation),
    })),
  );
  const named = (id: string): Item => {
    const found = items.find(({ operation }) => operation.operationId === id);
    if (!found) throw new Error(`the first loan needs the operation ${id}`);
    return found.item;
  };
  const folders = tags.flatMap(({ name, description }) => {
    const item = items.flatMap((each) => (each.operation.tags[0] === name ? [each.item] : []));
    return item.length > 0 ? [{ name, description, item }] : [];
  });
  const collection = {
    info: { name: info.title, description: info.description, schema: SCHEMA },
    auth: bearer('apiKey'),
    variable: VARIABLES.map(([key, value, description]) => ({ key, value, description })),
    item: [
      {
        name: 'A first loan',
        description:
          'Set apiKey, borrower and vendor, and send these in order. Before submitLoan, save the ' +
          'answer of createLoan as loan.json, run `npx holdfast sign loan.json`, and set signedXdr.',
        item: FIRST_LOAN.map(named),
      },
      ...folders,
    ],
  };
  return `${JSON.stringify(collection, null, 2)}\n`;
}

function itemOf(method: string, path: string, operation: Operation): Item {
  const { operationId, summary, description, parameters = [] } = operation;
  const access = operation['x-access'] ?? 'public';
  const content = operation.requestBody?.content['application/json'];
  const scripts = [
    ...scriptOf('prerequest', BEFORE[operationId]),
    ...scriptOf('test', AFTER[operationId]),
  ];
  return {
    name: operationId,
    ...(scripts.length > 0 && { event: scripts }),
    request: {
      description: description === undefined ? summary : `${summary}\n\n${description}`,
      method,
      ...(access === 'public' && { auth: { type: 'noauth' } }),
      ...(access === 'operate' && { auth: bearer('operatorKey') }),
      header: [
        ...(content ? [{ key: 'Content-Type', value: 'application/json' }] : []),
        ...parameters.flatMap(({ name, in: place, description: words }) =>
          place === 'header' ? [headerOf(name, words)] : [],
        ),
      ],
      ...(content && {
        body: {
          mode: 'raw',
          raw: JSON.stringify(withVariables(bodyOf(content.example)), null, 2),
          options: { raw: { language: 'json' } },
        },
      }),
      url: urlOf(path, parameters),
    },
    response: [],
  };
}

const bearer = (variable: string): Json => ({
  type: 'bearer',
  bearer: [{ key: 'token', value: `{{${variable}}}`, type: 'string' }],
});
const scriptOf = (listen: string, exec: readonly string[] = []): Json[] =>
  exec.length > 0 ? [{ listen, script: { type: 'text/javascript', exec } }] : [];
/** A key is new with each request; other headers are for those who need them. */
const headerOf = (name: string, description = ''): Json =>
  name === 'Idempotency-Key'
    ? { key: name, value: '{{$guid}}', description }
    : { key: name, value: '', description, disabled: true };

function urlOf(path: string, parameters: readonly Parameter[]): Json {
  const segments = path.split('/').slice(1);
  const query = parameters.filter(({ in: place }) => place === 'query');
  const variable = segments.flatMap((segment, at) => {
    const [, key] = /^\{(\w+)\}$/.exec(segment) ?? [];
    return key === undefined ? [] : [{ key, value: pathValue(key, segments[at - 1] ?? '') }];
  });
  const parts = segments.map((segment) => segment.replace(/^\{(\w+)\}$/, ':$1'));
  return {
    raw: `{{baseUrl}}/${parts.join('/')}`,
    host: ['{{baseUrl}}'],
    path: parts,
    ...(query.length > 0 && {
      query: query.map(({ name, description = '' }) => ({
        key: name,
        value: '',
        description,
        disabled: true,
      })),
    }),
    ...(variable.length > 0 && { variable }),
  };
}

/** `/loans/{id}` takes `loanId`, `/operator/reports/{file}` the name of a report. */
function pathValue(key: string, above: string): string {
  if (key === 'file') return 'position.csv';
  return `{{${key === 'id' ? `${above.replace(/s$/, '')}Id` : key}}}`;
}

/** One instalment, because one variable cannot be two due dates. */
function bodyOf(example: unknown): unknown {
  if (typeof example !== 'object' || example === null || !('schedule' in example))
    return example ?? {};
  const { totalAmount: amount } = example as { readonly totalAmount?: unknown };
  return { ...example, schedule: [{ amount, dueAt: '' }] };
}

function withVariables(value: unknown, name = ''): unknown {
  if (IN_BODIES.has(name)) return `{{${name}}}`;
  if (Array.isArray(value)) return value.map((item) => withVariables(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([member, own]) => [member, withVariables(own, member)]),
  );
}
