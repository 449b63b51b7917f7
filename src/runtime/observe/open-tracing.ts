import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider, type SpanExporter } from '@opentelemetry/sdk-trace';
import type { Logger } from 'pino';
import type { TracingConfig } from '../config/tracing-settings.ts';
import { samplerOf } from './sampler.ts';
import { tracingOver } from './tracing-over.ts';
import type { Tracing } from './tracing.ts';

/** What a stop waits for the last spans; nothing depends on them. */
const LAST_MS = 3_000;

/**
 * Traces, sent by OTLP over HTTP in JSON. Address, headers, time-out and compression the exporter reads of the
 * `OTEL_EXPORTER_OTLP_*` variables by itself.
 */
export function openTracing(
  config: TracingConfig,
  log: Pick<Logger, 'info' | 'warn'>,
  cleanup: AsyncDisposableStack,
): Tracing {
  const exporter = telling(new OTLPTraceExporter(), log);
  const provider = new TracerProvider({
    sampler: samplerOf(config),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
    resource: defaultResource()
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(resourceFromAttributes({ 'service.name': config.serviceName })),
  });
  cleanup.defer(async () => {
    const last = new Promise<void>((resolve) => setTimeout(resolve, LAST_MS).unref());
    // What could not be sent was told by the exporter.
    await Promise.race([provider.shutdown().catch(() => undefined), last]);
  });
  return tracingOver(provider.getTracer('breakglass'));
}

/** The log hears once that traces do not arrive, and once that they do again. */
function telling(exporter: SpanExporter, log: Pick<Logger, 'info' | 'warn'>): SpanExporter {
  let isLost = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const { error } = result;
        if (error !== undefined && !isLost) log.warn({ err: error }, 'traces do not arrive');
        if (error === undefined && isLost) log.info('traces arrive again');
        isLost = error !== undefined;
        done(result);
      }),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}
