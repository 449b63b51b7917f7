import type { Gate } from '#domain/policy/policy';
import type { PolicyVersion } from '../ports/tenant-store.ts';

/** The gate in this version of the policy; `null` for one that it does not have. */
export function gateOf(version: PolicyVersion | null, gate: string): Gate | null {
  const gates = version?.content.gates ?? {};
  return Object.hasOwn(gates, gate) ? (gates[gate] ?? null) : null;
}
