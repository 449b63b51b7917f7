import { z } from 'zod';

const Config = z.object({
  decision_logs: z.object({ service: z.string().min(1) }),
  services: z.record(z.string(), z.unknown()),
});

/**
 * Whether an OPA with this configuration sends its decision logs to a service. `console: true` alone
 * is no watch: nobody reads a console.
 */
export function isWatched(config: unknown): boolean {
  const parsed = Config.safeParse(config);
  if (!parsed.success) return false;
  const { decision_logs: logs, services } = parsed.data;
  return Object.hasOwn(services, logs.service);
}
