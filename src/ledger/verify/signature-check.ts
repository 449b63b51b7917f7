import { hex, sha256, type Digest } from '../digest.ts';
import { IN_TOTO_PAYLOAD_TYPE, preAuthEncoding } from '../dsse.ts';
import type { ExportedEntry, ExportedServiceKey } from '../export/format.ts';
import type { RecordedEvent } from '../recorded-event.ts';
import { checkAttested, checkKind, signedAs } from './attestation-check.ts';
import { readEnvelope, type EntryEnvelope } from './envelope.ts';
import type { Enrolments } from './enrolments.ts';
import type { Findings } from './findings.ts';
import type { VerificationSetup } from './pinned.ts';

type ServiceEnvelope = Extract<EntryEnvelope, { kind: 'service' }>;

/** Who signed each entry: the service's key that the log names, or a person through Sigstore. */
export class SignatureCheck {
  readonly #findings: Findings;
  readonly #enrolments: Enrolments;
  readonly #setup: VerificationSetup;
  readonly #spkis = new Map<string, Uint8Array>();
  readonly #issuers = new Map<string, number>();
  #serviceKey: string | undefined;
  #unanchored = 0;

  constructor(
    findings: Findings,
    enrolments: Enrolments,
    setup: VerificationSetup,
    serviceKeys: readonly ExportedServiceKey[],
  ) {
    this.#findings = findings;
    this.#enrolments = enrolments;
    this.#setup = setup;
    for (const { keyId, spki } of serviceKeys) {
      if (hex(sha256(spki)) === keyId) this.#spkis.set(keyId, spki);
      else findings.add('service-key-misnamed', null, { found: keyId });
    }
  }

  /** The first entry names the keys, and the checkpoint that covers it anchors them. */
  start(event: RecordedEvent): void {
    if (event.type !== 'log.started') {
      this.#findings.add('genesis-missing', 0);
      return;
    }
    const { logKeys, serviceKeys } = this.#setup.pinned;
    this.#serviceKey = event.serviceKey;
    if (!logKeys.includes(event.logKey))
      this.#findings.add('log-key-not-pinned', 0, { found: event.logKey });
    if (serviceKeys !== 'from-log' && !serviceKeys.includes(event.serviceKey))
      this.#findings.add('service-key-not-pinned', 0, { found: event.serviceKey });
  }

  check(event: RecordedEvent, digest: Digest, entry: ExportedEntry): void {
    const { index, statement, envelope } = entry;
    const read = readEnvelope(envelope, statement);
    if (!read.ok) {
      this.#findings.add(read.code, index);
      return;
    }
    const as = signedAs(event);
    const told = { findings: this.#findings, enrolments: this.#enrolments };
    if (!checkKind(read.envelope, as, index, told)) return;
    if (read.envelope.kind === 'service') this.#service(read.envelope, entry);
    else if (as.by === 'person') {
      const verdict = this.#setup.checks.verifyBundle(read.envelope.bundle, statement);
      if (verdict.ok)
        this.#issuers.set(verdict.issuer, (this.#issuers.get(verdict.issuer) ?? 0) + 1);
      const { issuers } = this.#setup.pinned;
      const attested = { index, digest, person: as.person, verdict, issuers };
      if (!checkAttested(attested, told)) this.#unanchored += 1;
    }
  }

  /** Tells which issuers vouched, for how many entries each, and whom nothing can be held against. */
  finish(): void {
    if (this.#unanchored > 0)
      this.#findings.unproven(
        'identities',
        `${this.#unanchored} certificates of people whose e-mail was erased`,
      );
    const issuers = [...this.#issuers].map(([name, entries]) => `${name} (${entries})`);
    if (issuers.length > 0) this.#findings.detail('attestations', `issuers: ${issuers.join(', ')}`);
  }

  #service({ keyId, signature }: ServiceEnvelope, { statement, index }: ExportedEntry): void {
    // The key's name in the envelope is unsigned: it is held against the key that the log names.
    const spki = keyId === this.#serviceKey ? this.#spkis.get(keyId) : undefined;
    if (spki === undefined) {
      this.#findings.add('service-key-unknown', index, { found: keyId });
      return;
    }
    const message = preAuthEncoding(IN_TOTO_PAYLOAD_TYPE, statement);
    if (!this.#setup.checks.verifyServiceSignature(spki, message, signature))
      this.#findings.add('service-signature-wrong', index);
  }
}
