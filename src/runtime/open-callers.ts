import type { CallerTokens } from '#application/ports/callers';
import { callerTokens } from '#http/callers/caller-tokens';
import type { Config } from './config/read-config.ts';
import { createJsonFetcher } from './fetch-json.ts';

/** What verifies the tokens of callers, with the keys that their issuers publish. */
export function openCallers(
  { callers: { allowPrivate } }: Pick<Config, 'callers'>,
  cleanup: AsyncDisposableStack,
): CallerTokens {
  const { fetchJson, close } = createJsonFetcher(allowPrivate);
  cleanup.defer(close);
  return callerTokens({ fetchJson });
}
