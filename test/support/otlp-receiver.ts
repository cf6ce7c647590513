import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Value = {
  readonly stringValue?: string;
  readonly intValue?: number | string;
  readonly boolValue?: boolean;
};
interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly attributes?: readonly { readonly key: string; readonly value: Value }[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
}
interface Export {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly { readonly key: string; readonly value: Value }[];
    };
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
}
export interface ReceivedSpan extends Omit<WireSpan, 'attributes'> {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly service: unknown;
}

export interface OtlpReceiver {
  readonly url: string;
  /** Everything that was received, unchanged. */
  raw(): string;
  /** Resolves when the received spans satisfy the condition; checks again whenever spans arrive. */
  until(satisfied: (spans: readonly ReceivedSpan[]) => boolean): Promise<readonly ReceivedSpan[]>;
  close(): Promise<void>;
}

const record = (
  attributes: readonly { readonly key: string; readonly value: Value }[] = [],
): Record<string, unknown> =>
  Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      value.stringValue ??
        (value.intValue === undefined ? value.boolValue : Number(value.intValue)),
    ]),
  );

/** A collector as OTLP/HTTP describes it: JSON to /v1/traces. */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  let raw = '';
  let wake = (): void => undefined;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      raw += body;
      if (request.url === '/v1/traces' && request.headers['content-type'] === 'application/json') {
        for (const { resource, scopeSpans } of (JSON.parse(body) as Export).resourceSpans) {
          for (const span of scopeSpans.flatMap((scope) => scope.spans))
            spans.push({
              ...span,
              attributes: record(span.attributes),
              service: record(resource.attributes)['service.name'],
            });
        }
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      wake();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    raw: () => raw,
    until: async (satisfied) => {
      while (!satisfied(spans))
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      return [...spans];
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
