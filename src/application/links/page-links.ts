import { bypassIn } from '#domain/bypass/chain';
import type { BypassId, TenantId } from '#domain/ids';
import { DAY_MS } from '#domain/instant';
import type { LinkStore } from '../ports/link-store.ts';
import type { PageLinks } from '../ports/page-link.ts';
import type { Ports } from '../ports/ports.ts';
import { newSecretText } from '../sign-in/secret-text.ts';
import { pageLinkHash, SEALED_FOR } from './link-secrets.ts';

export type LinkPorts = Pick<Ports, 'store' | 'seals' | 'newSalt'> & {
  readonly pageLinkStore: LinkStore;
};

/** A request that was decided is still told about for so long. */
const TOLD_MS = DAY_MS;

/** The link of one request, made when the first page asks for it; `null` where there is no such request. */
export async function linkTo(
  { store, seals, newSalt, pageLinkStore }: LinkPorts,
  tenant: TenantId,
  bypass: BypassId,
): Promise<string | null> {
  const chain = await store.read(tenant, (tx) => tx.chainOf(bypass));
  const request = bypassIn(chain, bypass)?.request;
  if (request === undefined) return null;
  const seal = await seals.of(tenant);
  const link = newSecretText(newSalt);
  const kept = await pageLinkStore.keepLink(tenant, {
    bypass,
    hash: pageLinkHash(link),
    sealed: seal.seal(SEALED_FOR.link(bypass), Buffer.from(link, 'utf8')),
    expiresAt: request.pendingUntilAt + TOLD_MS,
  });
  return Buffer.from(seal.open(SEALED_FOR.link(bypass), kept)).toString('utf8');
}

/** Links on which people decide without Slack. @param base `https://breakglass.example/decide/`. */
export function decidingPageLinks(ports: LinkPorts, base: string): PageLinks {
  return {
    async linkFor(tenant, bypass) {
      const link = await linkTo(ports, tenant, bypass);
      return link === null ? null : `${base}${link}`;
    },
  };
}
