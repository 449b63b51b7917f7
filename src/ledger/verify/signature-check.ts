import type { JsonValue } from '../canonical-json.ts';
import { hex, sha256 } from '../digest.ts';
import type { ExportHeader } from '../export/format.ts';
import type { RecordedEvent, RecordedOf } from '../recorded-event.ts';
import { checkAttested, checkKind, signedAs } from './attestation-check.ts';
import type { EntryEnvelope, ServiceSignature } from './envelope.ts';
import type { Enrolments } from './enrolments.ts';
import type { Findings } from './findings.ts';
import type { IdentityChecks } from './identity-checks.ts';
import { KeyLine } from './key-line.ts';
import type { VerificationSetup } from './pinned.ts';
import type { ReadEntry, SignedEntry } from './read-entry.ts';
import type { ServiceJob, SignatureJob } from './signature-job.ts';
import { SigningTimes } from './signing-times.ts';
import type { Verdicts } from './verdicts.ts';

const NOT_CHECKED = 'not checked behind entry 0, which names no keys that you pinned';

type ServiceEnvelope = Extract<EntryEnvelope, { kind: 'service' }>;

/** Who signed each entry: the service's key that the log names, or a person through Sigstore. */
export class SignatureCheck {
  readonly #findings: Findings;
  /** Where it is told what is wrong, and of whom. */
  readonly #told: { readonly findings: Findings; readonly enrolments: Enrolments };
  readonly #identities: IdentityChecks;
  readonly #setup: VerificationSetup;
  readonly #times: SigningTimes;
  readonly #spkis = new Map<string, Uint8Array>();
  readonly #issuers = new Map<string, number>();
  readonly #header: ExportHeader;
  readonly #keys: KeyLine;
  /** Until the first entry, whose own signature is checked, says otherwise. */
  #pinned = true;

  constructor(
    findings: Findings,
    enrolments: Enrolments,
    setup: VerificationSetup,
    header: ExportHeader,
    identities: IdentityChecks,
  ) {
    this.#findings = findings;
    this.#identities = identities;
    this.#told = { findings, enrolments };
    this.#setup = setup;
    this.#header = header;
    this.#keys = new KeyLine(setup.pinned.serviceKeys);
    this.#times = new SigningTimes(findings);
    for (const { keyId, spki } of header.serviceKeys) {
      if (hex(sha256(spki)) === keyId) this.#spkis.set(keyId, spki);
      else findings.add('service-key-misnamed', null, { found: keyId });
    }
  }

  /** The first entry names the key that signs all that the service signs, itself included. */
  start(event: RecordedEvent | undefined): void {
    if (event?.type === 'log.started') this.#keys.start(event.serviceKey);
    else if (event !== undefined) this.#findings.add('genesis-missing', 0);
  }

  /**
   * The checkpoint that covers the first entry anchors the keys that it names; the pins do too.
   * `false` if the log is not of the pinned keys: anyone at all can have written what comes then.
   */
  checkKeys(event: RecordedEvent | undefined): boolean {
    if (event === undefined) this.#findings.add('genesis-missing', 0);
    if (event?.type === 'log.started') this.#pinned = this.#arePinned(event);
    else this.#pinned = false;
    if (!this.#pinned)
      for (const name of [
        'signatures',
        'attestations',
        'identities',
        'sign-ins',
        'workload',
      ] as const)
        this.#findings.unproven(name, NOT_CHECKED);
    return this.#pinned;
  }

  /** A pinned key can also be one that the log comes to name: then the export announces it. */
  #arePinned({ logKey, serviceKey }: RecordedOf<'log.started'>): boolean {
    const { logKeys, serviceKeys } = this.#header;
    const { pinned } = this.#setup;
    const logPinned = [logKey, ...logKeys].some((key) => pinned.logKeys.includes(key));
    const servicePinned = this.#keys.isAnchored(serviceKeys.map((one) => one.keyId));
    if (!logPinned) this.#findings.add('log-key-not-pinned', 0, { found: logKey });
    if (!servicePinned) this.#findings.add('service-key-not-pinned', 0, { found: serviceKey });
    return logPinned && servicePinned;
  }

  get serviceKeys(): KeyLine {
    return this.#keys;
  }

  /** Another service key from the next entry on. */
  rotate(event: RecordedOf<'key.rotated'>, index: number): void {
    for (const { code, ...about } of this.#keys.rotate(event))
      this.#findings.add(code, index, about);
  }

  /**
   * The signature over an entry's bytes, whatever they say; then, for an event that can be read,
   * whether it is signed as that event must be.
   */
  check(read: ReadEntry, verdicts: Verdicts): void {
    const { index } = read.entry;
    const { envelope } = read;
    if (!envelope.ok) {
      this.#findings.add(envelope.code, index);
      return;
    }
    const event = eventOf(read);
    const as = event === undefined ? undefined : signedAs(event);
    const signed = envelope.envelope;
    if (as !== undefined && !checkKind(signed, as, index, this.#told)) return;
    if (!this.#pinned) return;
    if (signed.kind === 'bundle') this.#bundle(signed.bundle, read, verdicts);
    // Its time says something of the entries before it only if somebody signed it.
    else if (this.#service(signed, read, verdicts) && event !== undefined)
      this.#times.reached(event);
  }

  /**
   * The signatures of an entry that can be checked before it is known what stands ahead of it: by
   * the keys that the header has under the names that the envelope gives them.
   */
  jobsOf({ entry: { statement }, envelope }: SignedEntry): readonly SignatureJob[] {
    if (!envelope.ok || !this.#pinned) return [];
    const signed = envelope.envelope;
    if (signed.kind === 'bundle') return [{ kind: 'bundle', bundle: signed.bundle, statement }];
    const jobs: ServiceJob[] = [];
    for (const one of signed.also === null ? [signed] : [signed, signed.also]) {
      const job = this.#jobOf(this.#spkis.get(one.keyId), one, statement);
      if (job !== undefined) jobs.push(job);
    }
    return jobs;
  }

  #jobOf(
    spki: Uint8Array | undefined,
    { signature }: ServiceSignature,
    statement: Uint8Array,
  ): ServiceJob | undefined {
    return spki === undefined ? undefined : { kind: 'service', spki, statement, signature };
  }

  /** Tells which issuers vouched, for how many entries each. */
  finish(): void {
    const [, ...later] = this.#keys.named;
    for (const key of later) this.#findings.detail('signatures', `rotated to service key ${key}`);
    const issuers = [...this.#issuers].map(([name, entries]) => `${name} (${entries})`);
    if (issuers.length > 0) this.#findings.detail('attestations', `issuers: ${issuers.join(', ')}`);
  }

  #bundle(bundle: JsonValue, read: ReadEntry, verdicts: Verdicts): void {
    const { index, statement } = read.entry;
    const { digest } = read;
    const event = eventOf(read);
    const { pinned } = this.#setup;
    const verdict = verdicts.bundle({ kind: 'bundle', bundle, statement });
    const as = event === undefined ? undefined : signedAs(event);
    const attested = { index, digest, as, verdict, issuers: pinned.issuers };
    checkAttested(attested, this.#told);
    if (!verdict.ok) return;
    this.#issuers.set(verdict.issuer, (this.#issuers.get(verdict.issuer) ?? 0) + 1);
    if (event === undefined) return;
    this.#identities.certified(event, index, verdict);
    this.#times.reached(event);
    this.#times.signed(index, event, verdict.signedAt);
  }

  /** The key in force signs alone; at its rotation, the one that follows it signs as well. */
  #service(
    { keyId, signature, also }: ServiceEnvelope,
    read: ReadEntry,
    verdicts: Verdicts,
  ): boolean {
    const { index, statement } = read.entry;
    const event = eventOf(read);
    const next = event?.type === 'key.rotated' && event.purpose === 'service' ? event.to : null;
    if (next === null && also !== null) {
      this.#findings.add('envelope-malformed', index);
      return false;
    }
    // A key's name in the envelope is unsigned: it is held against the key that the log names.
    const inForce = this.#keys.inForce;
    const spki = keyId === inForce ? this.#spkis.get(keyId) : undefined;
    if (spki === undefined) {
      const isFormer = keyId !== inForce && this.#keys.named.includes(keyId);
      const code = isFormer ? 'service-key-retired' : 'service-key-unknown';
      const about = { found: keyId, expected: inForce ?? null };
      if (next === null) this.#findings.add(code, index, about);
      else this.#findings.add('rotation-signed-wrong', index, about);
      return false;
    }
    const signed = verdicts.service({ kind: 'service', spki, statement, signature });
    if (!signed) this.#findings.add('service-signature-wrong', index);
    return signed && (next === null || this.#isSignedByNext(next, also, read, verdicts));
  }

  #isSignedByNext(
    next: string,
    also: ServiceSignature | null,
    { entry: { index, statement } }: ReadEntry,
    verdicts: Verdicts,
  ): boolean {
    const spki = also?.keyId === next ? this.#spkis.get(next) : undefined;
    const job = also === null ? undefined : this.#jobOf(spki, also, statement);
    const signed = job !== undefined && verdicts.service(job);
    if (!signed) this.#findings.add('rotation-signed-wrong', index, { expected: next });
    return signed;
  }
}

function eventOf({ statement }: ReadEntry): RecordedEvent | undefined {
  return statement.ok ? statement.value.event : undefined;
}
