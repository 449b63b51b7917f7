import type { Context } from '#domain/bypass/context';
import type { DigestText, PersonId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { LookUp, Standing } from '#domain/policy/look-up';
import type { Policy } from '#domain/policy/policy';
import { everyone, groups } from './people.ts';
import { digest, examplePolicy, V1 } from './policies.ts';

/** Friday 20 November 2026, 02:00 UTC. */
export const T0: Instant = 1_795_140_000_000;

/** The digest of the statement that opened the request, in every context. */
export const REQUEST_DIGEST = digest('a');

export interface World {
  readonly policies?: Readonly<Record<DigestText, Policy>>;
  readonly current?: DigestText;
  /** Replaces who is in these groups; the others stay. */
  readonly groups?: Readonly<Record<string, readonly PersonId[]>>;
  /** Groups whose look-up fails. */
  readonly failing?: readonly string[];
  readonly lookUpsAgeMs?: number;
  readonly standings?: Readonly<Record<PersonId, Standing>>;
}

/** A context in which everybody is a member and every look-up has just been made. */
export function contextAt(now: Instant, world: World = {}, more: Partial<Context> = {}): Context {
  const policies = world.policies ?? { [V1]: examplePolicy };
  const members = everyone.map((one): [PersonId, Standing] => [one, 'member']);
  return {
    now,
    current: world.current ?? V1,
    policies,
    lookUps: lookUpsAt(now - (world.lookUpsAgeMs ?? 0), policies, world),
    standings: { ...Object.fromEntries(members), ...world.standings },
    waiting: 0,
    askedToday: 0,
    requestDigest: REQUEST_DIGEST,
    others: [],
    leases: {},
    ...more,
  };
}

function lookUpsAt(
  lookedUpAt: Instant,
  policies: Readonly<Record<DigestText, Policy>>,
  world: World,
): readonly LookUp[] {
  const inGroup = { ...groups, ...world.groups };
  return Object.entries(policies).flatMap(([version, { groups: names }]) =>
    names.map((group): LookUp => {
      const about = { policy: version as DigestText, group, lookedUpAt };
      return world.failing?.includes(group) === true
        ? { ...about, outcome: 'failed' }
        : { ...about, outcome: 'members', members: inGroup[group] ?? [] };
    }),
  );
}
