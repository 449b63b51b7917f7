import type { TenantId } from '#domain/ids';
import type {
  KnownInstallation,
  NewInstallation,
  SlackTokens,
  StoredInstallation,
} from '#application/ports/installs';
import type { TenantSeal } from '#application/ports/seals';
import type * as t from '../tables/installations.ts';

type Row = typeof t.installation.$inferSelect;
type Kept = Pick<SlackTokens, 'access' | 'refresh'>;

/** An installation's tokens open in no other place than its own row. */
const purposeOf = (id: string): string => `slack tokens/${id}`;
const attemptPurpose = (hash: Uint8Array): string =>
  `install attempt/${Buffer.from(hash).toString('hex')}`;

export function sealTokens(seal: TenantSeal, id: string, { access, refresh }: SlackTokens) {
  const kept: Kept = { access, refresh };
  return seal.seal(purposeOf(id), new TextEncoder().encode(JSON.stringify(kept)));
}

/** @throws when they were sealed for another row or tenant. */
export function openTokens(seal: TenantSeal, { installationId, tokens }: Row): Kept {
  return JSON.parse(new TextDecoder().decode(seal.open(purposeOf(installationId), tokens))) as Kept;
}

export function sealExchanged(seal: TenantSeal, hash: Uint8Array, given: NewInstallation) {
  return seal.seal(attemptPurpose(hash), new TextEncoder().encode(JSON.stringify(given)));
}

export function openExchanged(seal: TenantSeal, hash: Uint8Array, sealed: Uint8Array) {
  const text = new TextDecoder().decode(seal.open(attemptPurpose(hash), sealed));
  return JSON.parse(text) as NewInstallation;
}

export function storedInstallation(seal: TenantSeal, row: Row): StoredInstallation {
  const { installationId: id, enterprise, team, name, botUser, appId, scopes } = row;
  const tenant = row.tenantId as TenantId;
  const { access: token } = openTokens(seal, row);
  return { tenant, id, enterprise, team, name, botUser, appId, scopes, token };
}

export function knownInstallation(row: Row): KnownInstallation {
  const { installationId: id, enterprise, team, name, scopes, installedAt, endedAt } = row;
  return {
    id,
    enterprise,
    team,
    name,
    scopes,
    installedAt: installedAt.getTime(),
    endedAt: endedAt?.getTime() ?? null,
  };
}
