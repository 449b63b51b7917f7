/** As OpenTelemetry names them (opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables). */
export const TRACING_SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export type TracingSampler = (typeof TRACING_SAMPLERS)[number];
