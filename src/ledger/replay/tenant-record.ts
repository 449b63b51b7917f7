import type { DigestText } from '#domain/ids';
import { MINUTE_MS } from '#domain/instant';
import type { Policy } from '#domain/policy/policy';
import type { ByteArchive } from '../byte-archive.ts';
import type { Digest } from '../digest.ts';
import { isBypassEvent, type RecordedEvent, type RecordedOf } from '../recorded-event.ts';
import { DigestTable } from './archive/digest-table.ts';
import { LogTimes } from './log-times.ts';
import { ProvisionalApprovals } from './provisional-approvals.ts';
import type { ReplayedEntry } from './replayed-entry.ts';
import type { Broken } from './violation.ts';

/**
 * How far entries of different chains may stand out of order. They are written by transactions that
 * read the clock before they queue for the log.
 */
const DISORDER_MS = MINUTE_MS;

/** What the replay keeps of a log outside its chains. */
export class TenantRecord {
  inForce: DigestText | null = null;
  /** See `Moment`. */
  unreadAt: number | null = null;
  readonly #policyOf: (digest: DigestText) => Policy | undefined;
  /** Of all entries so far. */
  readonly digests: DigestTable;
  readonly #provisional = new ProvisionalApprovals();
  /** When the log was written to. */
  readonly times = new LogTimes();

  constructor(policyOf: (digest: DigestText) => Policy | undefined, archive: ByteArchive) {
    this.#policyOf = policyOf;
    this.digests = new DigestTable(archive);
  }

  /** The rules on an entry's place in the log, and those on what happens outside any bypass. */
  judge(entry: ReplayedEntry, broken: Broken): void {
    const { event, index, digest, followsFrom } = entry;
    const { digests } = this;
    // Before the entry itself is one of the log: nothing follows from itself.
    const stray = strayIn(followsFrom, digests);
    const known = digests.size;
    const place = digests.add(digest);
    // Entries rest on each other by digest, so no two may have the same.
    if (digests.size === known) broken.push({ code: 'entry-repeated' });
    if ((event.type === 'log.started') !== (index === 0))
      broken.push({ code: 'log-start-misplaced' });
    this.#judgeTime(event, broken);
    if (stray !== undefined) broken.push({ code: 'follows-unknown', found: stray });
    if (event.type === 'policy.applied') this.#apply(event, broken);
    if (event.type === 'entry.attested') this.#judgeAttested(event, followsFrom, broken);
    if (event.type === 'approval.given' && event.signing === 'provisional')
      this.#provisional.add(index, place, event.approver);
  }

  /** An entry that cannot be read may have put a version in force: which one is, is not known then. */
  unread(index: number): void {
    this.inForce = null;
    this.unreadAt = index;
  }

  /** A press keeps the time it was stored at, so an approval may stand later than its time. */
  #judgeTime(event: RecordedEvent, broken: Broken): void {
    const { latestAt } = this.times;
    this.times.note(event.at);
    if (event.type === 'approval.given' || event.at >= latestAt - DISORDER_MS) return;
    const about = isBypassEvent(event) ? { bypass: event.bypass } : {};
    broken.push({ code: 'time-goes-back', ...about, found: event.at });
  }

  #apply({ policy }: RecordedOf<'policy.applied'>, broken: Broken): void {
    this.inForce = policy;
    this.unreadAt = null;
    if (this.#policyOf(policy) === undefined)
      broken.push({ code: 'policy-not-in-export', found: policy });
  }

  /** Attests, once, an approval that stood provisional, in the name of who gave it. */
  #judgeAttested(
    { index, actor, person, entry }: RecordedOf<'entry.attested'>,
    followsFrom: readonly string[],
    broken: Broken,
  ): void {
    const about = this.#provisional.take(index);
    const right =
      about !== undefined &&
      this.digests.at(about.place) === entry &&
      about.person === person &&
      actor.kind === 'person' &&
      actor.person === person &&
      followsFrom.includes(entry);
    if (!right) broken.push({ code: 'late-attestation-wrong', person, found: index });
  }
}

/** The first that is of no entry so far. */
function strayIn(followsFrom: readonly Digest[], digests: DigestTable): Digest | undefined {
  for (const one of followsFrom) if (!digests.has(one)) return one;
  return undefined;
}
