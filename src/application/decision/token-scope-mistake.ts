import { lookUp } from '#domain/policy/evaluate-policy';
import type { Policy } from '#domain/policy/policy';
import { didYouMean } from '../policy/did-you-mean.ts';

/** A name that the policy in force does not have, or under which nothing enforces. */
export interface TokenScopeMistake {
  readonly what: 'gate' | 'service';
  readonly name: string;
  /** The nearest one, if it is near enough to be a slip. */
  readonly near: string | null;
  readonly known: readonly string[];
  /** The gates that open together under this name: a token is for one of them. */
  readonly together?: readonly string[];
}

/**
 * A token for what the policy does not name, or for several gates at once, could never ask anything:
 * `null` for one that can.
 */
export function tokenScopeMistake(
  policy: Pick<Policy, 'gates' | 'services'>,
  gate: string,
  service: string | null,
): TokenScopeMistake | null {
  const unknownGate = unknown('gate', gate, Object.keys(policy.gates));
  if (unknownGate !== null) return unknownGate;
  const together = lookUp(policy.gates, gate)?.gates;
  if (together !== undefined)
    return { what: 'gate', name: gate, near: null, known: together, together };
  if (service === null) return null;
  return unknown('service', service, Object.keys(policy.services));
}

function unknown(
  what: TokenScopeMistake['what'],
  name: string,
  known: readonly string[],
): TokenScopeMistake | null {
  if (known.includes(name)) return null;
  return { what, name, near: didYouMean(name, known) ?? null, known };
}
