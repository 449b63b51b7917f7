import type { KeyPurpose } from '#application/ports/key-versions';

/**
 * What a version of a key goes by among the secrets. It is bound into what is sealed, so that no
 * version can be put in the place of another.
 */
export function versionedPurpose(purpose: string, version: number): string {
  return version === 1 ? purpose : `${purpose}:${version}`;
}

/** The version that a secret goes by; `null` for one of another purpose. */
export function versionOf(purpose: string, named: string): number | null {
  if (named === purpose) return 1;
  const version = named.startsWith(`${purpose}:`) ? Number(named.slice(purpose.length + 1)) : NaN;
  return Number.isSafeInteger(version) && version > 1 ? version : null;
}

export function tenantKeyPurpose(purpose: KeyPurpose, version: number): string {
  return versionedPurpose(`${purpose}-key`, version);
}
