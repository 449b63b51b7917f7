import { evaluatePolicy, type PolicyQuestion } from '#domain/policy/evaluate-policy';
import type { Policy } from '#domain/policy/policy';
import type { Change } from './change.ts';
import { isUnwritten } from './request-kinds.ts';
import { differences, type Difference } from './differences.ts';

/** What differs for these kinds of request, each difference with the kinds that it concerns. */
export function changedRequests(
  before: Policy,
  after: Policy,
  kinds: readonly PolicyQuestion[],
): readonly Change[] {
  const found = new Map<string, { difference: Difference; concerned: PolicyQuestion[] }>();
  for (const kind of kinds)
    for (const difference of differences(
      evaluatePolicy(before, kind),
      evaluatePolicy(after, kind),
    )) {
      const key = JSON.stringify(difference);
      const known = found.get(key) ?? { difference, concerned: [] };
      found.set(key, known);
      known.concerned.push(kind);
    }
  return [...found.values()].map(({ difference, concerned }) => ({
    ...difference,
    ...concernedIn(concerned, kinds),
  }));
}

function concernedIn(
  concerned: readonly PolicyQuestion[],
  kinds: readonly PolicyQuestion[],
): Pick<Change, 'requests'> {
  const [example] = concerned;
  if (example === undefined) return {};
  const written = concerned.filter((one) => !isUnwritten(one));
  const gates = new Set(written.map(({ gate }) => gate));
  const services = new Set(written.map(({ service }) => service));
  const environments = new Set(written.map(({ environment }) => environment));
  const within = kinds.filter(
    (one) => gates.has(one.gate) && services.has(one.service) && environments.has(one.environment),
  );
  return {
    requests: {
      count: concerned.length,
      isAll: concerned.length === kinds.length,
      gates: [...gates],
      services: [...services],
      environments: [...environments],
      isWhole: within.length === written.length,
      withUnknown: written.length < concerned.length,
      example,
    },
  };
}
