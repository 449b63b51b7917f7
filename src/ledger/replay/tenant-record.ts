import type { DigestText } from '#domain/ids';
import { MINUTE_MS } from '#domain/instant';
import type { Policy } from '#domain/policy/policy';
import { isBypassEvent, type RecordedOf } from '../recorded-event.ts';
import { DigestTable } from './archive/digest-table.ts';
import { LogTimes } from './log-times.ts';
import { ProvisionalApprovals } from './provisional-approvals.ts';
import type { ReplayedEntry } from './replayed-entry.ts';
import { unless, type Violation } from './violation.ts';

/**
 * How far entries of different chains may stand out of order. They are written by transactions that
 * read the clock before they queue for the log.
 */
const DISORDER_MS = MINUTE_MS;

/** What the replay keeps of a log outside its chains. */
export class TenantRecord {
  inForce: DigestText | null = null;
  readonly #policyOf: (digest: DigestText) => Policy | undefined;
  /** Of all entries so far. */
  readonly digests = new DigestTable();
  readonly #provisional = new ProvisionalApprovals();
  /** When the log was written to. */
  readonly times = new LogTimes();

  constructor(policyOf: (digest: DigestText) => Policy | undefined) {
    this.#policyOf = policyOf;
  }

  /** The rules on an entry's place in the log, and those on what happens outside any bypass. */
  judge(entry: ReplayedEntry): readonly Violation[] {
    const { event, index } = entry;
    const violations = [
      // Entries rest on each other by digest, so no two may have the same.
      ...unless(!this.digests.has(entry.digest), 'entry-repeated'),
      ...unless((event.type === 'log.started') === (index === 0), 'log-start-misplaced'),
      ...this.#judgeTime(entry),
      ...this.#judgeFollows(entry),
      ...this.#judgeTenantEvent(entry),
    ];
    this.digests.add(entry.digest);
    if (event.type === 'approval.given' && event.signing === 'provisional')
      this.#provisional.add(index, this.digests.placeOf(entry.digest) ?? 0, event.approver);
    return violations;
  }

  /** A press keeps the time it was stored at, so an approval may stand later than its time. */
  #judgeTime({ event }: ReplayedEntry): readonly Violation[] {
    const { latestAt } = this.times;
    this.times.note(event.at);
    const sane = event.type === 'approval.given' || event.at >= latestAt - DISORDER_MS;
    return unless(sane, 'time-goes-back', {
      ...(isBypassEvent(event) ? { bypass: event.bypass } : {}),
      found: event.at,
    });
  }

  #judgeFollows({ followsFrom }: ReplayedEntry): readonly Violation[] {
    const stray = followsFrom.find((one) => !this.digests.has(one));
    return unless(stray === undefined, 'follows-unknown', { found: stray ?? null });
  }

  #judgeTenantEvent({ event, followsFrom }: ReplayedEntry): readonly Violation[] {
    if (event.type === 'policy.applied') {
      this.inForce = event.policy;
      const known = this.#policyOf(event.policy) !== undefined;
      return unless(known, 'policy-not-in-export', { found: event.policy });
    }
    if (event.type !== 'entry.attested') return [];
    return this.#judgeAttested(event, followsFrom);
  }

  /** Attests, once, an approval that stood provisional, in the name of who gave it. */
  #judgeAttested(
    event: RecordedOf<'entry.attested'>,
    followsFrom: readonly string[],
  ): readonly Violation[] {
    const about = this.#provisional.take(event.index);
    const { actor, person, entry } = event;
    const right =
      about !== undefined &&
      this.digests.at(about.place) === entry &&
      about.person === person &&
      actor.kind === 'person' &&
      actor.person === person &&
      followsFrom.includes(entry);
    return unless(right, 'late-attestation-wrong', { person, found: event.index });
  }
}
