/** A tenant that was never set up. */
export class TenantUnknown extends Error {
  override name = 'TenantUnknown';
  readonly code = 'tenant-unknown';
}
