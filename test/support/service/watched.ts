import type { Environment } from './breakglass-process.ts';
import { freePort } from './free-port.ts';
import type { Defer } from './installation.ts';
import { otlpReceiver, type SentSpan } from './otlp-receiver.ts';

/** What watches a service: who scrapes it, and who takes its traces. */
export interface Watched {
  /** What the service is to be started with. */
  readonly settings: Environment;
  /** One sample, by its name and labels as they are written; `undefined` where there is none. */
  sample(series: string): Promise<number | undefined>;
  /** All that can be scraped now. */
  metrics(): Promise<string>;
  /** The names of a span and of all that led to it, from the first one on. */
  pathsTo(name: string): readonly string[];
  /** All that was sent of traces. */
  traces(): string;
}

export async function watched(defer: Defer): Promise<Watched> {
  const receiver = await otlpReceiver();
  defer(() => receiver.close());
  const port = await freePort();
  const metrics = async (): Promise<string> =>
    (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return {
    settings: { METRICS_PORT: String(port), ...receiver.settings },
    metrics,
    async sample(series) {
      const lines = (await metrics()).split('\n');
      const found = lines.find((line) => line.startsWith(`${series} `));
      return found === undefined ? undefined : Number(found.slice(series.length + 1));
    },
    pathsTo(name) {
      const spans = receiver.spans();
      const byId = new Map(spans.map((span) => [span.spanId, span]));
      const paths = spans.filter((span) => span.name === name).map((span) => pathTo(span, byId));
      return [...new Set(paths)];
    },
    traces: () => receiver.raw(),
  };
}

function pathTo(span: SentSpan, byId: ReadonlyMap<string, SentSpan>): string {
  const parent = byId.get(span.parentSpanId ?? '');
  const isSameTrace = parent?.traceId === span.traceId;
  return parent === undefined || !isSameTrace
    ? span.name
    : `${pathTo(parent, byId)} > ${span.name}`;
}
