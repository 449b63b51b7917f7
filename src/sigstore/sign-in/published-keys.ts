import { z } from 'zod';
import type { JsonValue } from '#ledger/canonical-json';
import { publicSigningKey } from '#ledger/verify/sign-ins/provider-key';
import { SignInFailed } from './sign-in-failed.ts';

/** A public signing key of a provider (RFC 7517). */
export type PublicJwk = Readonly<Record<string, string>>;

const MOST_KEYS = 64;

const keySet = z.object({ keys: z.array(z.custom<JsonValue>(() => true)).max(MOST_KEYS) });

/** The public keys for signatures in a JWK Set. @throws SignInFailed «provider-unusable». */
export function publishedKeys(document: unknown): readonly PublicJwk[] {
  const parsed = keySet.safeParse(document);
  if (!parsed.success) throw new SignInFailed('provider-unusable', 'no key set');
  const keys = parsed.data.keys.map(publicSigningKey).filter((key) => key !== undefined);
  if (keys.length === 0) throw new SignInFailed('provider-unusable', 'no keys in its key set');
  return keys;
}
