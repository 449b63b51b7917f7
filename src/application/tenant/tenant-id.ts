import { tenantId, type TenantId } from '#domain/ids';
import { hex, sha256 } from '#ledger/digest';

/** A tenant's id follows from its name (a UUID of version 8, RFC 9562 §5.8), so replicas agree on it. */
export function tenantIdOf(name: string): TenantId {
  const bytes = sha256(new TextEncoder().encode(`breakglass tenant ${name}`)).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const text = hex(bytes);
  const parts = [
    text.slice(0, 8),
    text.slice(8, 12),
    text.slice(12, 16),
    text.slice(16, 20),
    text.slice(20),
  ];
  return tenantId(parts.join('-'));
}
