import type { SettingMistake } from './setting-mistake.ts';
import type { Settings } from './settings.ts';

/** Where metrics are served. */
export interface MetricsConfig {
  readonly host: string;
  readonly port: number;
}

/** `null` where no port is set. */
export function metricsConfig(env: Settings): MetricsConfig | null {
  if (env.METRICS_PORT === undefined) return null;
  // Nobody signs in there, so nobody else is let in unasked.
  return { host: env.METRICS_HOST ?? '127.0.0.1', port: env.METRICS_PORT };
}

export function metricsMistakes(env: Partial<Settings>): readonly SettingMistake[] {
  const found: SettingMistake[] = [];
  if (env.METRICS_HOST && env.METRICS_PORT === undefined)
    found.push({ setting: 'METRICS_PORT', remedy: 'METRICS_HOST is set: write the port too' });
  const isShared = env.METRICS_PORT !== undefined && env.METRICS_PORT !== 0;
  if (isShared && env.METRICS_PORT === (env.PORT ?? 8080))
    found.push({ setting: 'METRICS_PORT', remedy: 'write another port than PORT' });
  return found;
}
