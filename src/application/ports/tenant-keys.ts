import type { TenantId } from '#domain/ids';
import type { JsonValue } from '#ledger/canonical-json';
import type { DsseSignature } from '#ledger/dsse';
import type { ExportedServiceKey } from '#ledger/export/format';
import type { NoteSigner } from '#ledger/note-key';
import type { KeyPurpose, KeyVersions } from './key-versions.ts';
import type { TenantWrites } from './tenant-store.ts';

/** The keys a tenant's log is written with. They never leave this port. */
export interface TenantKeys {
  readonly versions: KeyVersions;
  /** The service's own signature: a DSSE envelope as JSON. No I/O, so it may stand in a commit. */
  signStatement(statement: Uint8Array): JsonValue;
  /** The same signature alone, for an envelope that another key signs too. */
  signatureOf(statement: Uint8Array): DsseSignature;
  /** SHA-256 of the service key's SPKI, in hex. */
  readonly serviceKeyId: string;
  /** The service key's SPKI, DER in base64. */
  readonly serviceKeySpki: string;
  readonly logSigner: NoteSigner;
  /** The log key as a C2SP verifier key. */
  readonly logKey: string;
}

/** The public halves of all keys that ever signed, the first ones first. */
export interface PublicTenantKeys {
  readonly logKeys: readonly string[];
  readonly serviceKeys: readonly ExportedServiceKey[];
}

/** Reads a tenant's own sealed keys within the commit: it needs no second connection. */
export type KeyedWrites = Pick<TenantWrites, 'log' | 'sealedKey'>;

export interface KeyStore {
  /**
   * The keys that sign this commit: those that the locked head names, whatever was in force when
   * the commit was prepared.
   */
  keysIn(tenant: TenantId, tx: KeyedWrites): Promise<TenantKeys>;
  /** The keys in force now, to be named and published. Made at first use. A commit has `keysIn`. */
  keysOf(tenant: TenantId): Promise<TenantKeys>;
  publicKeysOf(tenant: TenantId): Promise<PublicTenantKeys>;
  /** The keys with a fresh one of this purpose, stored with this commit and not in force yet. */
  successorIn(
    tenant: TenantId,
    tx: KeyedWrites & Pick<TenantWrites, 'addSealedKey'>,
    purpose: KeyPurpose,
  ): Promise<TenantKeys>;
}
