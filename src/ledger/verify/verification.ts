import type { DigestText } from '#domain/ids';
import type { Policy } from '#domain/policy/policy';
import { canonicalDigest } from '../canonical-digest.ts';
import type { JsonValue } from '../canonical-json.ts';
import type { Digest } from '../digest.ts';
import type { EntryLine, ExportHeader } from '../export/format.ts';
import { withOpenings, type OpenedValues } from '../openings.ts';
import type { ReadStatement, StatementRefusal } from '../read-statement.ts';
import type { RecordedEvent, RecordedOf } from '../recorded-event.ts';
import { Replay } from '../replay/replay.ts';
import { counted } from './counted.ts';
import { Enrolments } from './enrolments.ts';
import { Findings } from './findings.ts';
import { IdentityChecks } from './identity-checks.ts';
import type { VerificationSetup } from './pinned.ts';
import type { ReadEntry, SignedEntry } from './read-entry.ts';
import { erasedEnrolment } from './reasons.ts';
import type { Counts } from './report.ts';
import { SignatureCheck } from './signature-check.ts';
import type { SignatureJob } from './signature-job.ts';
import { TreeCheck } from './tree-check.ts';
import { Verdicts, type CheckedJobs } from './verdicts.ts';
import type { FindingCode } from './words.ts';
import { WitnessCheck } from './witness-check.ts';
import type { LogSoFar } from './workload-check.ts';

const STATEMENT_CODES: { readonly [Code in StatementRefusal]: FindingCode } = {
  'not-canonical': 'statement-not-canonical',
  'not-a-statement': 'statement-foreign',
  'semantics-unsupported': 'statement-semantics',
  'event-unknown': 'statement-event-unknown',
  'shape-wrong': 'statement-shape',
  'subject-wrong': 'statement-subject',
};

/** Whatever does not say what it is may be what puts a policy in force. */
function mayApplyPolicy({ type = 'policy.applied' }: { readonly type?: RecordedEvent['type'] }) {
  return type === 'policy.applied';
}

/**
 * One verification under way: takes the records of an export in order. It keeps the peaks of the
 * tree, the states of the chains, digests and who was enrolled, and no entry.
 */
export class Verification {
  readonly findings = new Findings();
  readonly identities: IdentityChecks;
  readonly witnesses: WitnessCheck;
  readonly #header: ExportHeader;
  readonly #policies = new Map<DigestText, Policy>();
  readonly #replay: Replay;
  readonly #enrolments = new Enrolments();
  readonly #tree: TreeCheck;
  #owner: Pick<ExportHeader, 'tenant' | 'log'>;
  #nextIndex = 0;
  /** Whether the first entry names the pinned keys: nothing is replayed in a stranger's log. */
  #pinned = true;
  readonly #signatures: SignatureCheck;
  readonly #setup: VerificationSetup;
  #counts = { entries: 0, bypasses: 0, attested: 0, provisional: 0, late: 0, erased: 0 };

  constructor(setup: VerificationSetup, header: ExportHeader) {
    const { findings } = this;
    this.#setup = setup;
    this.#header = header;
    this.#owner = header;
    const { witnesses, pinned, newArchive } = setup;
    this.#replay = new Replay((digest) => this.#policies.get(digest), newArchive);
    this.witnesses = new WitnessCheck(findings, witnesses, pinned.witnessesNeeded ?? 1);
    this.identities = new IdentityChecks(findings, this.#enrolments, setup);
    this.#tree = new TreeCheck(findings, setup, (note, size, index) => {
      const times = this.witnesses.take(note, size, index).toSorted((a, b) => a - b);
      // From when as many as are asked for had seen it: fewer prove nothing.
      const at = times[(pinned.witnessesNeeded ?? 1) - 1];
      if (at !== undefined) this.identities.witnessed(size, at);
    });
    this.#signatures = new SignatureCheck(
      findings,
      this.#enrolments,
      setup,
      header,
      this.identities,
    );
  }

  policy(digest: Digest, content: Policy): void {
    if (canonicalDigest(content as unknown as JsonValue) === digest)
      this.#policies.set(digest, content);
    else this.findings.add('policy-digest-wrong', null, { found: digest });
  }

  /** The signatures of an entry that may be checked ahead of it, in any order, by any thread. */
  jobsOf(entry: SignedEntry): readonly SignatureJob[] {
    return this.#signatures.jobsOf(entry);
  }

  /**
   * Whoever has no key changes bytes, so the signature is judged first, and what the bytes say
   * after it: the first finding of an entry is the nearest to what was done to it.
   */
  entry(read: ReadEntry, ahead: CheckedJobs): void {
    const first = this.#counts.entries === 0;
    const { entry, digest, statement } = read;
    const { index } = entry;
    this.#place(index);
    const event = statement.ok ? statement.value.event : undefined;
    if (first) this.#start(statement.ok ? statement.value : undefined);
    this.#tree.append(digest, entry);
    this.#signatures.check(read, new Verdicts(this.#setup.checks, ahead));
    if (!statement.ok)
      this.findings.add(STATEMENT_CODES[statement.code], index, { found: statement.path });
    if (first) this.#anchor(event);
    if (this.#pinned && !statement.ok && mayApplyPolicy(statement)) this.#replay.unread(index);
    if (event?.type === 'key.rotated') this.#rotate(event, index);
    if (this.#pinned && event?.type === 'log.restored') this.#tree.restored(event, index);
    if (statement.ok) this.#say(statement.value, digest, entry);
  }

  /** What an entry says, taken for true from here on. */
  #say(read: ReadStatement, digest: Digest, entry: EntryLine): void {
    const { event } = read;
    const { index } = entry;
    this.#belongs(read, index);
    const values = this.#open(event, entry);
    if (event.type === 'person.enrolled') this.#enrol(event, values, index);
    if (this.#pinned) this.identities.take({ index, digest, values, read }, this.#soFar);
    this.#setup.observe?.({ index, event, values });
    this.#judge(read, digest, index);
  }

  /** The log before the entry that is taken; few entries ask. */
  readonly #soFar = (): LogSoFar => ({
    logKey: this.#tree.logKeys.line.inForce,
    serviceKey: this.#signatures.serviceKeys.inForce,
    rootAt: (size) => this.#tree.rootBefore(size),
  });

  #enrol(event: RecordedOf<'person.enrolled'>, values: OpenedValues, index: number): void {
    for (const { code, about } of this.#enrolments.enrol(event, values))
      this.findings.add(code, index, about);
    const { account, email } = values;
    const erased = { account: account === null, email: email === null };
    if (erased.account || erased.email)
      this.findings.unprovenIdentity(
        index,
        erasedEnrolment(this.#enrolments.nameOf(event.person), erased),
      );
  }

  /** After a gap the count goes on behind it, so that one missing entry is one finding. */
  #place(index: number): void {
    const expected = this.#nextIndex;
    if (index !== expected) this.findings.add('index-gap', index, { expected, found: index });
    this.#nextIndex = index + 1;
    this.#counts.entries += 1;
  }

  /** The first entry says whose log it is and which; the header, unsigned, is held against it. */
  #start(read: ReadStatement | undefined): void {
    this.#signatures.start(read?.event);
    const logKey = read?.event.type === 'log.started' ? read.event.logKey : undefined;
    this.#tree.start(read?.log ?? this.#header.log, logKey);
  }

  #rotate(event: RecordedOf<'key.rotated'>, index: number): void {
    if (!this.#pinned) return;
    if (event.purpose === 'log') this.#tree.rotate(event, index);
    else this.#signatures.rotate(event, index);
  }

  #anchor(event: RecordedEvent | undefined): void {
    this.#pinned = this.#signatures.checkKeys(event);
    if (!this.#pinned)
      this.findings.unproven('replay', 'not replayed: entry 0 names no keys that you pinned');
  }

  /** The keys that were pinned must have come by the end, where they did not start the log. */
  #anchorLate(): void {
    const [logKey] = this.#tree.logKeys.line.named;
    const [serviceKey] = this.#signatures.serviceKeys.named;
    if (!this.#tree.logKeys.line.isAnchored())
      this.findings.add('log-key-not-pinned', 0, { found: logKey ?? null });
    if (!this.#signatures.serviceKeys.isAnchored())
      this.findings.add('service-key-not-pinned', 0, { found: serviceKey ?? null });
  }

  /** A checkpoint between entries: of those before it. */
  checkpointBetween(note: string): void {
    if (this.#pinned) this.#tree.checkpoint(note);
  }

  checkpoint(note: string): void {
    if (this.#pinned && this.#counts.entries > 0) this.#anchorLate();
    if (this.#counts.entries === 0) {
      this.findings.add('genesis-missing', null);
      this.#tree.start(this.#header.log);
    }
    this.#tree.finish(note);
    if (!this.#pinned) return;
    this.identities.end();
    for (const { code, index = null, ...about } of this.#replay.finish())
      this.findings.add(code, index, this.#named(about));
  }

  counts(): Counts {
    const { total: findings, unprovenIdentityTotal: unprovenIdentities } = this.findings;
    const { unprovenSignInTotals: unprovenSignIns } = this.findings;
    const { unattestedTotal: unattested } = this.identities.modes;
    const policies = this.#policies.size;
    return {
      ...this.#counts,
      policies,
      unprovenIdentities,
      unprovenSignIns,
      unattested,
      findings,
    };
  }

  /** Whether a checkpoint saved earlier was found in this log. */
  get tailProved(): boolean {
    return this.#tree.tailProved;
  }

  /** Tells the details of the steps; at the end, whether or not all was read. */
  close(): void {
    const { attested, provisional, late, erased, entries, bypasses } = this.#counts;
    this.findings.detail(
      'statements',
      `${counted(entries, 'entry', 'entries')}, ${counted(erased, 'value')} erased`,
    );
    this.findings.detail(
      'attestations',
      `${counted(attested, 'approval')} attested, ${provisional} provisional, ${late} of those attested late`,
    );
    this.#signatures.finish();
    this.identities.close();
    this.witnesses.close(entries);
    this.findings.detail('replay', counted(bypasses, 'request'));
  }

  #belongs({ tenant, log }: ReadStatement, index: number): void {
    const { tenant: ours, log: origin } = this.#owner;
    if (tenant !== ours)
      this.findings.add('tenant-differs', index, { expected: ours, found: tenant });
    if (log !== origin) this.findings.add('log-differs', index, { expected: origin, found: log });
    // A header that names another tenant or log is one finding, at the first entry.
    if (this.#counts.entries === 1) this.#owner = { tenant, log };
  }

  #open(event: RecordedEvent, { index, openings }: EntryLine): OpenedValues {
    const opened = withOpenings(event, openings);
    if (!opened.ok) {
      this.findings.add(opened.code, index, { found: opened.name });
      return {};
    }
    for (const value of Object.values(opened.values)) if (value === null) this.#counts.erased += 1;
    return opened.values;
  }

  #judge({ event, followsFrom }: ReadStatement, digest: Digest, index: number): void {
    if (event.type === 'request.opened') this.#counts.bypasses += 1;
    if (event.type === 'entry.attested') this.#counts.late += 1;
    if (event.type === 'approval.given') this.#counts[event.signing] += 1;
    if (!this.#pinned) return;
    for (const { code, ...about } of this.#replay.apply({ index, digest, followsFrom, event }))
      this.findings.add(code, index, this.#named(about));
  }

  #named<Said extends { readonly person?: string }>(about: Said): Said {
    return about.person === undefined
      ? about
      : { ...about, person: this.#enrolments.nameOf(about.person) };
  }
}
