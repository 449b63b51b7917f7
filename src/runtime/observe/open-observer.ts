import type { Logger } from 'pino';
import type { Config } from '../config/read-config.ts';
import type { Metrics } from './open-metrics.ts';
import { UNOBSERVED, type Observer } from './observer.ts';

export interface OpenObserver extends Observer {
  /** `null` where none are served. */
  readonly metrics: Metrics | null;
}

/** What the settings want to have watched. What nobody wants is not even loaded. */
export async function openObserver(
  { metrics, tracing }: Pick<Config, 'metrics' | 'tracing'>,
  log: Logger,
  cleanup: AsyncDisposableStack,
): Promise<OpenObserver> {
  const opened =
    metrics === null
      ? null
      : (await import('./open-metrics.ts')).openMetrics(metrics, log, cleanup);
  const traced =
    tracing === null
      ? UNOBSERVED.tracing
      : (await import('./open-tracing.ts')).openTracing(tracing, log, cleanup);
  return { metrics: opened, measure: opened?.measure ?? UNOBSERVED.measure, tracing: traced };
}
