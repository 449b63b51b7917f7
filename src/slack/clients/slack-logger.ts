import type { Logger as PinoLogger } from 'pino';
import { LogLevel, type Logger } from '@slack/bolt';

/**
 * Slack's libraries log through ours. Their debug lines hold whole payloads with trigger ids and
 * what people typed, so that level is never passed on.
 */
export function slackLogger(log: PinoLogger): Logger {
  const { error, warn, info } = { error: 'error', warn: 'warn', info: 'info' } as const;
  const to =
    (level: 'error' | 'warn' | 'info') =>
    (...parts: unknown[]) =>
      log[level](parts.map(lineOf).join(' '));
  return {
    debug: () => {},
    info: to(info),
    warn: to(warn),
    error: to(error),
    getLevel: () => LogLevel.INFO,
    setLevel: () => {},
    setName: () => {},
  };
}

const lineOf = (part: unknown): string =>
  part instanceof Error ? `${part.name}: ${part.message}` : String(part);
