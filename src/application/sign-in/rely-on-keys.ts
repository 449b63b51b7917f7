import { canonicalText, type JsonValue } from '#ledger/canonical-json';
import type { Digest } from '#ledger/digest';
import { publicSigningKey } from '#ledger/verify/sign-ins/provider-key';
import type { TenantId } from '#domain/ids';
import { commitSession } from '../commit/commit-session.ts';
import type { Ports } from '../ports/ports.ts';
import { refuseSignIn, type SignInRefusal } from '../ports/sign-in-refusal.ts';
import type { ProviderKeysRow, SignInReads } from '../ports/sign-in-store.ts';
import { findPrepared } from './find-prepared.ts';

type Needed = Pick<Ports, 'links' | 'store' | 'signIn' | 'keys' | 'newSalt'>;

/** A provider whose key set holds nothing that could sign a token. */
class NoProviderKeys extends Error {
  override name = 'NoProviderKeys';
  readonly code = 'no-provider-keys';
}

/**
 * Records what a provider's keys are now, unless that is what stands recorded, before any token of
 * theirs is believed; with witnesses configured, only once they have seen it. So whoever steals a
 * key of the provider later cannot say that it had always been one.
 *
 * @throws NoProviderKeys
 */
export async function relyOnKeys(
  ports: Needed,
  link: string,
  published: readonly JsonValue[],
): Promise<{ readonly entry: Digest } | SignInRefusal> {
  const found = await findPrepared(ports, link);
  if ('refused' in found) return found;
  const { tenant, setting } = found;
  const keys = publicKeys(published);
  if (keys.length === 0) throw new NoProviderKeys('the provider publishes no signing key');
  const { issuer } = setting.provider;
  const stands = await ports.store.read(tenant, (tx) => newest(tx, issuer));
  const { entry, index } = same(stands, keys) ? stands : await record(ports, tenant, issuer, keys);
  const seen =
    setting.cosigned === null || (await setting.cosigned.cosignedAt(tenant, index + 1)) !== null;
  return seen ? { entry } : refuseSignIn({ code: 'keys-not-witnessed' });
}

/** Signing keys alone, each once, in an order that does not depend on the provider's. */
function publicKeys(published: readonly JsonValue[]): readonly string[] {
  const keys = published.map(publicSigningKey).filter((key) => key !== undefined);
  return [...new Set(keys.map((key) => canonicalText(key)))].toSorted();
}

async function newest(
  tx: Pick<SignInReads, 'providerKeys'>,
  issuer: string,
): Promise<ProviderKeysRow | undefined> {
  return (await tx.providerKeys(issuer)).at(-1);
}

const same = (
  stands: ProviderKeysRow | undefined,
  keys: readonly string[],
): stands is ProviderKeysRow =>
  canonicalText([...(stands?.keys ?? [])]) === canonicalText([...keys]);

async function record(
  ports: Needed,
  tenant: TenantId,
  issuer: string,
  keys: readonly string[],
): Promise<ProviderKeysRow> {
  return ports.store.locked(tenant, async (tx) => {
    // Two sign-ins at once see the same new set; one of them records it.
    const stands = await newest(tx, issuer);
    if (same(stands, keys)) return stands;
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const index = tx.log.frontier.size;
    const entry = session.record({
      type: 'provider.keys',
      at: await tx.now(),
      actor: { kind: 'service' },
      issuer,
      keys,
    });
    await session.finish();
    await tx.addProviderKeys(issuer, { keys, entry, index });
    return { keys, entry, index };
  });
}
