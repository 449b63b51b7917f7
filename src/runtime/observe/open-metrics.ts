import { readFile } from 'node:fs/promises';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Logger } from 'pino';
import type { Measure } from '#application/ports/measure';
import type { Measurements } from '#application/ports/measurements';
import { composeRoutes } from '#http/compose-routes';
import { listen } from '#http/listen';
import { METRICS_PATH, metricsRoute } from '#http/metrics-route';
import type { MetricsConfig } from '../config/metrics-settings.ts';
import { databaseGauges } from './database-gauges.ts';
import { prometheusMeasure } from './prometheus-measure.ts';
import { refreshed } from './refreshed.ts';

export interface Metrics {
  readonly measure: Measure;
  /** Serves what is counted, and what is read of the database at a scrape. */
  serve(read: () => Promise<Measurements>): Promise<void>;
}

/** Metrics on a port of their own. @throws where the port cannot be taken, at `serve`. */
export function openMetrics(
  { host, port }: MetricsConfig,
  log: Logger,
  cleanup: AsyncDisposableStack,
): Metrics {
  // Never the global one: a process may hold several services.
  const registry = new Registry();
  const measure = prometheusMeasure(registry);
  const gauges = databaseGauges(registry);
  return {
    measure,
    async serve(read) {
      collectDefaultMetrics({ register: registry });
      await buildInfo(registry);
      const refresh = refreshed(
        read,
        (found) => gauges.set(found),
        (err) => {
          gauges.forget();
          log.warn({ err }, 'the database could not be measured');
        },
      );
      const route = metricsRoute({
        contentType: registry.contentType,
        text: async () => {
          await refresh();
          return registry.metrics();
        },
      });
      const routes = composeRoutes([{ prefix: METRICS_PATH, fetch: route }]);
      const listening = await listen(routes, { host, port, log });
      cleanup.defer(() => listening.close());
      log.info({ url: `${listening.url}${METRICS_PATH}` }, 'metrics');
    },
  };
}

/** Always 1; its labels say what runs. */
export async function buildInfo(registry: Registry): Promise<void> {
  const labelNames = ['version', 'node'] as const;
  const help = 'What this replica is.';
  const info = new Gauge({
    name: 'breakglass_build_info',
    help,
    labelNames,
    registers: [registry],
  });
  info.set({ version: await version(), node: process.versions.node }, 1);
}

async function version(): Promise<string> {
  const manifest = new URL('../../../package.json', import.meta.url);
  const read = JSON.parse(await readFile(manifest, 'utf8')) as { readonly version: string };
  return read.version;
}
