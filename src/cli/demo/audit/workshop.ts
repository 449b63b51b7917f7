import type { TenantKeys } from '#application/ports/tenant-keys';

/** What whoever runs the service has at hand. */
export interface Workshop {
  readonly keys: TenantKeys;
  readonly tenant: string;
  readonly origin: string;
  /** People by id, as others see them. */
  readonly nameOf: (person: string) => string;
}

/** A changed copy, and what was done to it in words. */
export interface Tampered {
  readonly lines: readonly string[];
  readonly done: string;
}
