import type { JsonValue } from '../canonical-json.ts';
import { hex, sha256, type Digest } from '../digest.ts';
import { IN_TOTO_PAYLOAD_TYPE, preAuthEncoding } from '../dsse.ts';
import type { ExportedEntry, ExportedServiceKey } from '../export/format.ts';
import type { RecordedEvent, RecordedOf } from '../recorded-event.ts';
import { checkAttested, checkKind, signedAs } from './attestation-check.ts';
import { readEnvelope, type EntryEnvelope } from './envelope.ts';
import type { Enrolments } from './enrolments.ts';
import type { Findings } from './findings.ts';
import type { VerificationSetup } from './pinned.ts';
import { SigningTimes } from './signing-times.ts';

const NOT_CHECKED = 'not checked behind entry 0, which names no keys that you pinned';

type ServiceEnvelope = Extract<EntryEnvelope, { kind: 'service' }>;

/** Who signed each entry: the service's key that the log names, or a person through Sigstore. */
export class SignatureCheck {
  readonly #findings: Findings;
  readonly #enrolments: Enrolments;
  readonly #setup: VerificationSetup;
  readonly #times: SigningTimes;
  readonly #spkis = new Map<string, Uint8Array>();
  readonly #issuers = new Map<string, number>();
  #serviceKey: string | undefined;
  /** Until the first entry, whose own signature is checked, says otherwise. */
  #pinned = true;

  constructor(
    findings: Findings,
    enrolments: Enrolments,
    setup: VerificationSetup,
    serviceKeys: readonly ExportedServiceKey[],
  ) {
    this.#findings = findings;
    this.#enrolments = enrolments;
    this.#setup = setup;
    this.#times = new SigningTimes(findings);
    for (const { keyId, spki } of serviceKeys) {
      if (hex(sha256(spki)) === keyId) this.#spkis.set(keyId, spki);
      else findings.add('service-key-misnamed', null, { found: keyId });
    }
  }

  /** The first entry names the key that signs all that the service signs, itself included. */
  start(event: RecordedEvent | undefined): void {
    if (event?.type === 'log.started') this.#serviceKey = event.serviceKey;
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
      for (const name of ['signatures', 'attestations', 'identities'] as const)
        this.#findings.unproven(name, NOT_CHECKED);
    return this.#pinned;
  }

  #arePinned({ logKey, serviceKey }: RecordedOf<'log.started'>): boolean {
    const { logKeys, serviceKeys } = this.#setup.pinned;
    const logPinned = logKeys.includes(logKey);
    const servicePinned = serviceKeys === 'from-log' || serviceKeys.includes(serviceKey);
    if (!logPinned) this.#findings.add('log-key-not-pinned', 0, { found: logKey });
    if (!servicePinned) this.#findings.add('service-key-not-pinned', 0, { found: serviceKey });
    return logPinned && servicePinned;
  }

  /**
   * The signature over an entry's bytes, whatever they say; then, for an event that can be read,
   * whether it is signed as that event must be.
   */
  check(event: RecordedEvent | undefined, digest: Digest, entry: ExportedEntry): void {
    const { index, statement, envelope } = entry;
    const read = readEnvelope(envelope, statement);
    if (!read.ok) {
      this.#findings.add(read.code, index);
      return;
    }
    const as = event === undefined ? undefined : signedAs(event);
    if (as !== undefined && !checkKind(read.envelope, as, index, this.#told())) return;
    if (!this.#pinned) return;
    if (read.envelope.kind === 'bundle') this.#bundle(read.envelope.bundle, event, digest, entry);
    // Its time says something of the entries before it only if somebody signed it.
    else if (this.#service(read.envelope, entry) && event !== undefined) this.#times.reached(event);
  }

  /** Tells which issuers vouched, for how many entries each. */
  finish(): void {
    const issuers = [...this.#issuers].map(([name, entries]) => `${name} (${entries})`);
    if (issuers.length > 0) this.#findings.detail('attestations', `issuers: ${issuers.join(', ')}`);
  }

  #bundle(
    bundle: JsonValue,
    event: RecordedEvent | undefined,
    digest: Digest,
    { index, statement }: ExportedEntry,
  ): void {
    const { checks, pinned } = this.#setup;
    const verdict = checks.verifyBundle(bundle, statement);
    const as = event === undefined ? undefined : signedAs(event);
    const person = as?.by === 'person' ? as.person : null;
    const attested = { index, digest, person, verdict, issuers: pinned.issuers };
    checkAttested(attested, this.#told());
    if (!verdict.ok) return;
    this.#issuers.set(verdict.issuer, (this.#issuers.get(verdict.issuer) ?? 0) + 1);
    if (event === undefined) return;
    this.#times.reached(event);
    this.#times.signed(index, event, verdict.signedAt);
  }

  #told() {
    return { findings: this.#findings, enrolments: this.#enrolments };
  }

  #service({ keyId, signature }: ServiceEnvelope, { statement, index }: ExportedEntry): boolean {
    // The key's name in the envelope is unsigned: it is held against the key that the log names.
    const spki = keyId === this.#serviceKey ? this.#spkis.get(keyId) : undefined;
    if (spki === undefined) {
      this.#findings.add('service-key-unknown', index, { found: keyId });
      return false;
    }
    const message = preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, statement);
    const signed = this.#setup.checks.verifyServiceSignature(spki, message, signature);
    if (!signed) this.#findings.add('service-signature-wrong', index);
    return signed;
  }
}
