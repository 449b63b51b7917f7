import { isDeepStrictEqual } from 'node:util';
import type { PolicyException } from './policy-exception.ts';
import type { StandingException } from './standing-exceptions.ts';

export interface Changes {
  readonly remove: readonly StandingException[];
  readonly replace: readonly (readonly [StandingException, PolicyException])[];
  readonly create: readonly PolicyException[];
}

/**
 * What turns the exceptions that stand into those that are wanted. One that is on its way out counts as
 * none, and is made anew by a later run, when its name is free. An expired bypass is no longer wanted,
 * so that no clock is needed here.
 */
export function planChanges(
  standing: readonly StandingException[],
  wanted: readonly PolicyException[],
): Changes {
  const leaving = new Set<string>();
  const byName = new Map<string, StandingException>();
  for (const one of standing) {
    const { name, deletionTimestamp } = one.metadata;
    if (deletionTimestamp === undefined) byName.set(name, one);
    else leaving.add(name);
  }
  const names = new Set(wanted.map(({ metadata }) => metadata.name));
  const replace: (readonly [StandingException, PolicyException])[] = [];
  const create: PolicyException[] = [];
  for (const one of wanted) {
    const { name } = one.metadata;
    const stands = byName.get(name);
    if (stands !== undefined) {
      if (!isAsWanted(stands, one)) replace.push([stands, one]);
    } else if (!leaving.has(name)) create.push(one);
  }
  return {
    remove: [...byName.values()].filter(({ metadata }) => !names.has(metadata.name)),
    replace,
    create,
  };
}

/** Others may add labels and annotations; the spec is ours to the last member. */
function isAsWanted({ metadata, spec }: StandingException, wanted: PolicyException): boolean {
  const { labels, annotations } = wanted.metadata;
  return (
    isDeepStrictEqual(spec, wanted.spec) &&
    holds(metadata.labels, labels) &&
    holds(metadata.annotations, annotations)
  );
}

const holds = (
  all: Readonly<Record<string, string>>,
  some: Readonly<Record<string, string>>,
): boolean => Object.entries(some).every(([key, value]) => all[key] === value);
