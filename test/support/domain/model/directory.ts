import { personId, type PersonId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { LookUp, Standing } from '#domain/policy/look-up';
import type { DigestText } from '#domain/ids';
import { GROUPS } from './arbitrary-policy.ts';

export const PEOPLE: readonly PersonId[] = Array.from({ length: 8 }, (_, n) => personId(`p${n}`));

/** Accounts of several workspaces; person 0 and 7 have two, person 1 has three. */
const PERSON_OF_ACCOUNT = [0, 0, 1, 1, 1, 2, 3, 4, 5, 6, 7, 7];

/** Who presses, whatever account they press with. */
export function personOfAccount(account: number): PersonId {
  return personNumber(PERSON_OF_ACCOUNT[account % PERSON_OF_ACCOUNT.length] ?? 0);
}

export function personNumber(number: number): PersonId {
  return PEOPLE[number % PEOPLE.length] ?? personId('p0');
}

interface Snapshot {
  readonly at: Instant;
  readonly members: Readonly<Record<string, readonly PersonId[]>>;
  readonly failing: readonly string[];
}

const people = (...numbers: number[]): readonly PersonId[] => numbers.map(personNumber);

/** Who is in which group and who may act, as it changes; look-ups see it as it was when they were made. */
export class Directory {
  standings: Readonly<Record<PersonId, Standing>>;
  private snapshots: readonly Snapshot[];

  constructor(at: Instant) {
    const members = {
      engineers: people(0, 1, 2, 3, 4, 7),
      release: people(0, 1, 2, 3, 7),
      seniors: people(1, 4, 5),
      admins: people(6),
    };
    this.snapshots = [{ at, members, failing: [] }];
    const standing = (one: PersonId): Standing => (one === personNumber(7) ? 'guest' : 'member');
    this.standings = Object.fromEntries(PEOPLE.map((one) => [one, standing(one)]));
  }

  stand(person: PersonId, standing: Standing): void {
    this.standings = { ...this.standings, [person]: standing };
  }

  move(at: Instant, person: PersonId, group: string, into: boolean): void {
    const { members, failing } = this.asOf(at);
    const others = (members[group] ?? []).filter((one) => one !== person);
    const now = { ...members, [group]: into ? [...others, person] : others };
    this.snapshots = [...this.snapshots, { at, members: now, failing }];
  }

  fail(at: Instant, group: string, failing: boolean): void {
    const last = this.asOf(at);
    const others = last.failing.filter((one) => one !== group);
    const now = failing ? [...others, group] : others;
    this.snapshots = [...this.snapshots, { ...last, at, failing: now }];
  }

  lookUps(versions: readonly DigestText[], lookedUpAt: Instant): readonly LookUp[] {
    const { members, failing } = this.asOf(lookedUpAt);
    return versions.flatMap((policy) =>
      GROUPS.map((group): LookUp => {
        const about = { policy, group, lookedUpAt };
        return failing.includes(group)
          ? { ...about, outcome: 'failed' }
          : { ...about, outcome: 'members', members: members[group] ?? [] };
      }),
    );
  }

  private asOf(at: Instant): Snapshot {
    const before = this.snapshots.filter((one) => one.at <= at);
    const found = before.at(-1) ?? this.snapshots[0];
    if (found === undefined) throw new RangeError('a directory has a first snapshot');
    return found;
  }
}
