import type { TenantId } from '#domain/ids';
import type { JsonValue } from '#ledger/canonical-json';
import type { NoteSigner } from '#ledger/note-key';

/** The keys a tenant's log is written with. They never leave this port. */
export interface TenantKeys {
  /** The service's own signature: a DSSE envelope as JSON. No I/O, so it may stand in a commit. */
  signStatement(statement: Uint8Array): JsonValue;
  /** SHA-256 of the service key's SPKI, in hex. */
  readonly serviceKeyId: string;
  /** The service key's SPKI, DER in base64. */
  readonly serviceKeySpki: string;
  readonly logSigner: NoteSigner;
  /** The log key as a C2SP verifier key. */
  readonly logKey: string;
}

export interface KeyStore {
  /** Made at first use, then the same for ever. */
  keysOf(tenant: TenantId): Promise<TenantKeys>;
}
