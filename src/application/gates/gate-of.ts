import type { Gate } from '#domain/policy/policy';
import type { PolicyVersion } from '../ports/policy-version.ts';

/** The gate in this version of the policy; `null` for one that it does not have. */
export function gateOf(version: PolicyVersion | null, gate: string): Gate | null {
  const gates = version?.content.gates ?? {};
  return Object.hasOwn(gates, gate) ? (gates[gate] ?? null) : null;
}

/**
 * Whose adapter looks after a gate. One that has left the policy, or that stands for several now, asks:
 * what it would hear is all that can be said of it.
 */
export function kindOf(version: PolicyVersion | null, name: string): string {
  const gate = gateOf(version, name);
  return gate === null || gate.gates !== undefined ? 'http' : gate.kind;
}
