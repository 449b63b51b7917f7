import { lookUp, type PolicyQuestion } from '#domain/policy/evaluate-policy';
import type { Policy } from '#domain/policy/policy';

/** More are not compared: a service that is busy with it answers nobody meanwhile. */
const MOST_KINDS = 50_000;
/** Each kind is looked at by each rule. */
const MOST_LOOKS = 10_000_000;

/** What no policy knows: its names are none that a policy could write. */
const UNWRITTEN = '?';

/**
 * Every kind of request that two versions can tell apart: gates, services and environments that both
 * have, with each branch and severity that a rule of either names, or without; and one that neither
 * knows. `null` where there are too many.
 */
export function requestKinds(before: Policy, after: Policy): readonly PolicyQuestion[] | null {
  const gates = Object.keys(after.gates).filter((name) => lookUp(before.gates, name) !== undefined);
  const places = Object.entries(after.services).flatMap(([service, { environments }]) => {
    const known = lookUp(before.services, service)?.environments ?? [];
    const both = environments.filter((environment) => known.includes(environment));
    return both.map((environment) => ({ service, environment }));
  });
  const rules = [...before.rules, ...after.rules];
  const branches = named(rules.map(({ when }) => when.branch?.replaceAll('*', 'x') ?? null));
  const severities = named(rules.map(({ when }) => when.severity));
  const kinds = gates.length * places.length * branches.length * severities.length;
  if (kinds > MOST_KINDS || kinds * rules.length > MOST_LOOKS) return null;
  const unknown = { gate: UNWRITTEN, service: UNWRITTEN, environment: UNWRITTEN };
  return [
    ...gates.flatMap((gate) =>
      places.flatMap((place) =>
        branches.flatMap((branch) =>
          severities.map((severity) => ({ gate, ...place, branch, severity })),
        ),
      ),
    ),
    { ...unknown, branch: null, severity: null },
  ];
}

const named = (texts: readonly (string | null)[]): readonly (string | null)[] => [
  ...new Set([null, ...texts]),
];

/** Whether a kind stands for all that the policies do not know. */
export const isUnwritten = ({ gate }: Pick<PolicyQuestion, 'gate'>): boolean => gate === UNWRITTEN;
