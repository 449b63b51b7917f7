import { z } from 'zod';
import { jsonBody } from './json-body.ts';

const jwks = z.object({ keys: z.array(z.looseObject({})) });
export type PublishedKeys = z.infer<typeof jwks>;

const LONGEST_S = 3_600;
const kept = new Map<string, { readonly keys: PublishedKeys; readonly untilMs: number }>();

/**
 * The keys that sign decisions, kept for as long as the service says (`Cache-Control: max-age`) and
 * an hour at most, in this process alone.
 * @param anew for an answer that none of the kept keys signed.
 */
export async function publishedKeys(
  address: URL,
  options: { readonly signal: AbortSignal; readonly redirect: 'error' },
  anew = false,
): Promise<PublishedKeys> {
  const known = kept.get(address.href);
  if (!anew && known !== undefined && performance.now() < known.untilMs) return known.keys;
  const response = await fetch(address, options);
  const keys = jwks.parse(await jsonBody(response, options.signal));
  const untilMs = performance.now() + maxAgeS(response.headers.get('cache-control')) * 1_000;
  kept.set(address.href, { keys, untilMs });
  return keys;
}

function maxAgeS(cacheControl: string | null): number {
  const [, seconds] = /(?:^|[\s,])max-age=(\d{1,9})/.exec(cacheControl ?? '') ?? [];
  return Math.min(LONGEST_S, Number(seconds ?? 0));
}
