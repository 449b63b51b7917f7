import type { Instant } from '#domain/instant';
import type { Digest } from '../digest.ts';
import type { OpenedValues } from '../openings.ts';
import type { ReadStatement } from '../read-statement.ts';
import type { RecordedEvent } from '../recorded-event.ts';
import type { BundleVerdict } from './checks.ts';
import type { Enrolments } from './enrolments.ts';
import type { Findings } from './findings.ts';
import { IdentityModes } from './identity-modes.ts';
import type { VerificationSetup } from './pinned.ts';
import { SignInCheck } from './sign-ins/sign-in-check.ts';
import { WorkloadCheck, type LogSoFar } from './workload-check.ts';

interface Said {
  readonly index: number;
  readonly digest: Digest;
  readonly values: OpenedValues;
  readonly read: ReadStatement;
}

/** What stands behind the identities that signed: sign-ins, the workload, and how far each reaches. */
export class IdentityChecks {
  readonly modes = new IdentityModes();
  readonly #findings: Findings;
  readonly #enrolments: Enrolments;
  readonly #signIns: SignInCheck;
  readonly #workload: WorkloadCheck;

  constructor(findings: Findings, enrolments: Enrolments, setup: VerificationSetup) {
    this.#findings = findings;
    this.#enrolments = enrolments;
    this.#signIns = new SignInCheck(findings, enrolments, setup, this.modes);
    this.#workload = new WorkloadCheck(findings, setup, this.modes);
  }

  /** A bundle verifies; told before what its entry says is taken. */
  certified(
    event: RecordedEvent,
    index: number,
    verdict: Extract<BundleVerdict, { readonly ok: true }>,
  ): void {
    if (event.type === 'workload.attested') this.#workload.certified(index, verdict);
    else if (event.type === 'approval.given' && event.steppedUp)
      this.#signIns.certified(index, verdict);
    else this.modes.signed('broker', verdict.issuer, null);
  }

  /** What the next entry says, taken for true; `log` is what stands before it. */
  take(said: Said, log: () => LogSoFar): void {
    const { index, read } = said;
    const { event } = read;
    this.#signIns.take(said);
    if (event.type === 'workload.attested') this.#workload.take(event, index, log());
    if (event.type === 'entry.attested') this.modes.attestedLate(event.index);
    if (event.type === 'approval.given' && event.signing === 'provisional') {
      const { bypass, approver, at } = event;
      const person = this.#enrolments.nameOf(approver);
      this.modes.provisional({ index, bypass, person, at });
    }
  }

  /** A pinned witness cosigned, at this time, a checkpoint of the first `size` entries. */
  witnessed(size: number, at: Instant): void {
    this.#signIns.witnessed(size, at);
  }

  /** The log ends here: what was awaited is missing, and what nobody vouched for stays unproven. */
  end(): void {
    this.#signIns.end();
    for (const issuer of this.modes.brokersAsProviders())
      this.#findings.add('sign-in-at-broker', null, { found: issuer });
  }

  /** Tells the details of the steps. */
  close(): void {
    this.#signIns.close();
    this.#workload.close();
  }
}
