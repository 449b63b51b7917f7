import type { TenantId } from '#domain/ids';

/** A tenant's own seal for what is kept for a while or shown to few. */
export interface TenantSeal {
  /** @param purpose what it is for; it opens under exactly these words. */
  seal(purpose: string, plain: Uint8Array): Uint8Array;
  /** @throws when it was sealed by another tenant, for another purpose, or changed. */
  open(purpose: string, sealed: Uint8Array): Uint8Array;
}

export interface Seals {
  /** Made at first use, then the same for ever; opened once a process and tenant. */
  of(tenant: TenantId): Promise<TenantSeal>;
}
