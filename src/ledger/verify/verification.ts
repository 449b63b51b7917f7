import type { DigestText } from '#domain/ids';
import type { Policy } from '#domain/policy/policy';
import { canonicalDigest } from '../canonical-digest.ts';
import type { JsonValue } from '../canonical-json.ts';
import { digestOf, type Digest } from '../digest.ts';
import type { ExportedEntry, ExportHeader } from '../export/format.ts';
import { withOpenings, type OpenedValues } from '../openings.ts';
import { readStatement, type ReadStatement, type StatementRefusal } from '../read-statement.ts';
import type { RecordedEvent, RecordedOf } from '../recorded-event.ts';
import { Replay } from '../replay/replay.ts';
import { Enrolments } from './enrolments.ts';
import { Findings } from './findings.ts';
import type { VerificationSetup } from './pinned.ts';
import { erasedEnrolment } from './reasons.ts';
import type { Counts } from './report.ts';
import { SignatureCheck } from './signature-check.ts';
import { TreeCheck } from './tree-check.ts';
import type { FindingCode } from './words.ts';

const STATEMENT_CODES: { readonly [Code in StatementRefusal]: FindingCode } = {
  'not-canonical': 'statement-not-canonical',
  'not-a-statement': 'statement-foreign',
  'semantics-unsupported': 'statement-semantics',
  'event-unknown': 'statement-event-unknown',
  'shape-wrong': 'statement-shape',
  'subject-wrong': 'statement-subject',
};

/**
 * One verification under way: takes the records of an export in order. It keeps the peaks of the
 * tree, the states of the chains, digests and who was enrolled, and no entry.
 */
export class Verification {
  readonly findings = new Findings();
  readonly #header: ExportHeader;
  readonly #policies = new Map<DigestText, Policy>();
  readonly #replay = new Replay((digest) => this.#policies.get(digest));
  readonly #enrolments = new Enrolments();
  readonly #tree: TreeCheck;
  #owner: Pick<ExportHeader, 'tenant' | 'log'>;
  #nextIndex = 0;
  /** Whether the first entry names the pinned keys: nothing is replayed in a stranger's log. */
  #pinned = true;
  readonly #signatures: SignatureCheck;
  #counts = { entries: 0, bypasses: 0, attested: 0, provisional: 0, late: 0, erased: 0 };

  constructor(setup: VerificationSetup, header: ExportHeader) {
    const { findings } = this;
    this.#header = header;
    this.#owner = header;
    this.#tree = new TreeCheck(findings, setup);
    this.#signatures = new SignatureCheck(findings, this.#enrolments, setup, header.serviceKeys);
  }

  policy(digest: Digest, content: Policy): void {
    if (canonicalDigest(content as unknown as JsonValue) === digest)
      this.#policies.set(digest, content);
    else this.findings.add('policy-digest-wrong', null, { found: digest });
  }

  /**
   * Whoever has no key changes bytes, so the signature is judged first, and what the bytes say
   * after it: the first finding of an entry is the nearest to what was done to it.
   */
  entry(entry: ExportedEntry): void {
    const first = this.#counts.entries === 0;
    const { index, statement: bytes } = entry;
    this.#place(index);
    const digest = digestOf(bytes);
    const read = readStatement(bytes);
    const event = read.ok ? read.value.event : undefined;
    if (first) this.#start(read.ok ? read.value : undefined);
    this.#tree.append(digest, entry);
    this.#signatures.check(event, digest, entry);
    if (!read.ok) this.findings.add(STATEMENT_CODES[read.code], index, { found: read.path });
    if (first) this.#anchor(event);
    if (read.ok) this.#say(read.value, digest, entry);
  }

  /** What an entry says, taken for true from here on. */
  #say(read: ReadStatement, digest: Digest, entry: ExportedEntry): void {
    const { event } = read;
    const { index } = entry;
    this.#belongs(read, index);
    const values = this.#open(event, entry);
    if (event.type === 'person.enrolled') this.#enrol(event, values, index);
    this.#judge(read, digest, index);
  }

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
    this.#tree.start(read?.log ?? this.#header.log);
  }

  #anchor(event: RecordedEvent | undefined): void {
    this.#pinned = this.#signatures.checkKeys(event);
    if (!this.#pinned)
      this.findings.unproven('replay', 'not replayed: entry 0 names no keys that you pinned');
  }

  checkpoint(note: string): void {
    if (this.#counts.entries === 0) {
      this.findings.add('genesis-missing', null);
      this.#tree.start(this.#header.log);
    }
    this.#tree.finish(note);
    if (!this.#pinned) return;
    for (const { code, index = null, ...about } of this.#replay.finish())
      this.findings.add(code, index, this.#named(about));
  }

  counts(): Counts {
    const { total: findings, unprovenIdentityTotal: unprovenIdentities } = this.findings;
    return { ...this.#counts, policies: this.#policies.size, unprovenIdentities, findings };
  }

  /** Whether a checkpoint saved earlier was found in this log. */
  get tailProved(): boolean {
    return this.#tree.tailProved;
  }

  /** Tells the details of the steps; at the end, whether or not all was read. */
  close(): void {
    const { attested, provisional, late, erased, entries, bypasses } = this.#counts;
    this.findings.detail('statements', `${entries} entries, ${erased} values erased`);
    this.findings.detail(
      'attestations',
      `${attested} approvals attested, ${provisional} provisional, ${late} of those attested late`,
    );
    this.#signatures.finish();
    this.findings.detail('replay', `${bypasses} request(s)`);
  }

  #belongs({ tenant, log }: ReadStatement, index: number): void {
    const { tenant: ours, log: origin } = this.#owner;
    if (tenant !== ours)
      this.findings.add('tenant-differs', index, { expected: ours, found: tenant });
    if (log !== origin) this.findings.add('log-differs', index, { expected: origin, found: log });
    // A header that names another tenant or log is one finding, at the first entry.
    if (this.#counts.entries === 1) this.#owner = { tenant, log };
  }

  #open(event: RecordedEvent, { index, openings }: ExportedEntry): OpenedValues {
    const opened = withOpenings(event, openings);
    if (!opened.ok) {
      this.findings.add(opened.code, index, { found: opened.name });
      return {};
    }
    this.#counts.erased += Object.values(opened.values).filter((one) => one === null).length;
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
