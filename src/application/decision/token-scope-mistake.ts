import type { Policy } from '#domain/policy/policy';
import { didYouMean } from '../policy/did-you-mean.ts';

/** A name that the policy in force does not have. */
export interface TokenScopeMistake {
  readonly what: 'gate' | 'service';
  readonly name: string;
  /** The nearest one, if it is near enough to be a slip. */
  readonly near: string | null;
  readonly known: readonly string[];
}

/** A token for what the policy does not name could never ask anything: `null` if it names both. */
export function tokenScopeMistake(
  policy: Pick<Policy, 'gates' | 'services'>,
  gate: string,
  service: string | null,
): TokenScopeMistake | null {
  const unknownGate = unknown('gate', gate, Object.keys(policy.gates));
  if (unknownGate !== null || service === null) return unknownGate;
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
