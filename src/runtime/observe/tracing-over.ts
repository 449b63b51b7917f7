import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { contextAround, withContext } from './around.ts';
import { attributesOf } from './span-ids.ts';
import { contextFrom, formatTraceparent } from './trace-parent.ts';
import type { Tracing } from './tracing.ts';

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  consumer: SpanKind.CONSUMER,
} as const;

/** Without the globals of OpenTelemetry: several services in one process keep apart. */
export function tracingOver(tracer: Tracer): Tracing {
  return {
    async span({ name, kind, ids = {}, from }, work) {
      const parent = from === undefined ? (contextAround() ?? ROOT_CONTEXT) : contextFrom(from);
      const options = {
        kind: kind === undefined ? SpanKind.INTERNAL : KINDS[kind],
        attributes: attributesOf(ids),
      };
      const span = tracer.startSpan(name, options, parent);
      const { traceId, spanId } = span.spanContext();
      try {
        return await withContext(
          trace.setSpan(parent, span),
          { trace_id: traceId, span_id: spanId },
          () => work((more) => void span.setAttributes(attributesOf(more))),
        );
      } catch (error) {
        failed(span, error);
        throw error;
      } finally {
        span.end();
      }
    },
    traceparent() {
      const span = trace.getSpanContext(contextAround() ?? ROOT_CONTEXT);
      return span === undefined ? undefined : formatTraceparent(span);
    },
  };
}

/** Its message may quote what somebody sent. */
function failed(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  if (!(error instanceof Error)) return;
  span.setAttribute('error.type', error.name);
  if ('code' in error && typeof error.code === 'string')
    span.setAttributes({ 'breakglass.code': error.code.slice(0, 80) });
}
