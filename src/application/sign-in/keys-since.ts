import type { Instant } from '#domain/instant';
import type { ProviderKeysRow, RecordedKeys, SignInReads } from '../ports/sign-in-store.ts';

/**
 * The key sets of a provider that a token may rest on that was asked for at `since` or later: the
 * one that was the newest then and those recorded later, oldest first. One that another had replaced
 * before then is relied on no more.
 */
export async function keysSince(
  tx: Pick<SignInReads, 'providerKeys'>,
  issuer: string,
  since: Instant,
): Promise<readonly ProviderKeysRow[]> {
  const sets: readonly RecordedKeys[] = await tx.providerKeys(issuer);
  return sets.filter((_, place) => {
    const next = sets[place + 1];
    return next === undefined || next.recordedAt >= since;
  });
}
