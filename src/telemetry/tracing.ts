import {
  type Attributes,
  context,
  type Link,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { asError, HoldfastError } from '../common/errors.js';

/**
 * Spans from request to SQL to RPC, only if the standard variables (OTEL_…) are set; `startTracing`
 * then loads the SDK, which reads them. A span carries ids, codes and SQL text without values;
 * never a key, a token or XDR.
 */
let started = false;
const tracer = () => trace.getTracer('holdfast');

export { SpanKind, SpanStatusCode, type Span, type Link };
export interface SpanOptions {
  readonly kind?: SpanKind;
  readonly attributes?: Attributes;
  /** Spans of other traces that this span serves. */
  readonly links?: readonly Link[];
}

/**
 * @param serviceName used when no standard variable names the service
 * @returns a function that sends what is left and stops
 */
export async function startTracing(serviceName: string | undefined): Promise<() => Promise<void>> {
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  // Traces only: Prometheus collects the metrics, and logs go to the process's output.
  const sdk = new NodeSDK({
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [],
    ...(serviceName === undefined ? {} : { serviceName }),
  });
  sdk.start();
  started = true;
  return async () => {
    started = false;
    await sdk.shutdown();
  };
}

export const isTracing = (): boolean => started;

/** Runs the work in a span below the current one, or just runs it when tracing is off. */
export function inSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: Span | undefined) => Promise<T>,
): Promise<T> {
  if (!started) return work(undefined);
  const { kind = SpanKind.INTERNAL, attributes = {}, links = [] } = options;
  return tracer().startActiveSpan(name, { kind, attributes, links: [...links] }, async (span) => {
    try {
      return await work(span);
    } catch (thrown) {
      failed(span, thrown);
      throw thrown;
    } finally {
      span.end();
    }
  });
}

/**
 * A span that its caller ends. Work run in `within` is below it.
 * @returns undefined when tracing is off
 */
export function beginSpan(
  name: string,
  options: SpanOptions & { readonly headers?: object },
): { readonly span: Span; within<T>(work: () => T): T } | undefined {
  if (!started) return undefined;
  const { kind = SpanKind.INTERNAL, attributes = {}, links = [], headers } = options;
  const parent = headers ? propagation.extract(ROOT_CONTEXT, headers) : context.active();
  const span = tracer().startSpan(name, { kind, attributes, links: [...links] }, parent);
  const scope = trace.setSpan(parent, span);
  return { span, within: (work) => context.with(scope, work) };
}

/**
 * The code of our error or the database's. The message is left out, because it may contain a
 * borrower's input.
 */
function failed(span: Span, thrown: unknown): void {
  const error = asError(thrown);
  span.setAttribute(
    'error.type',
    error instanceof HoldfastError
      ? error.code
      : 'code' in error && typeof error.code === 'string'
        ? error.code
        : error.name,
  );
  span.setStatus({ code: SpanStatusCode.ERROR });
}

/** The current span, for links from work that serves several spans. */
export function currentLink(): Link | undefined {
  const spanContext = started ? trace.getSpanContext(context.active()) : undefined;
  return spanContext ? { context: spanContext } : undefined;
}

/** The fields of log lines about a span. */
export function spanFields(span: Span | undefined): {
  readonly traceId?: string;
  readonly spanId?: string;
} {
  const spanContext = span?.spanContext();
  return spanContext ? { traceId: spanContext.traceId, spanId: spanContext.spanId } : {};
}

/** The fields of log lines. */
export function traceFields(): { readonly traceId?: string; readonly spanId?: string } {
  const spanContext = started ? trace.getSpanContext(context.active()) : undefined;
  return spanContext ? { traceId: spanContext.traceId, spanId: spanContext.spanId } : {};
}
