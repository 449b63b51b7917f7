import type { Settings } from './settings.ts';
import type { TracingSampler } from './tracing-samplers.ts';

/** How much is traced. Where to and with what, the exporter reads of the environment by itself. */
export interface TracingConfig {
  readonly serviceName: string;
  readonly sampler: TracingSampler;
  /** The part of the traces that is kept, from 0 to 1, where the sampler goes by a ratio. */
  readonly ratio: number;
}

/** `null` where no receiver is set. */
export function tracingConfig(env: Settings): TracingConfig | null {
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (endpoint === undefined || env.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return null;
  return {
    serviceName: env.OTEL_SERVICE_NAME ?? 'breakglass',
    sampler: env.OTEL_TRACES_SAMPLER ?? 'parentbased_always_on',
    ratio: env.OTEL_TRACES_SAMPLER_ARG ?? 1,
  };
}
