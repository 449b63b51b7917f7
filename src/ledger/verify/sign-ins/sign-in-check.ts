import type { Instant } from '#domain/instant';
import type { Digest } from '../../digest.ts';
import type { OpenedValues } from '../../openings.ts';
import type { ReadStatement } from '../../read-statement.ts';
import type { RecordedEvent, RecordedOf } from '../../recorded-event.ts';
import type { BundleVerdict } from '../checks.ts';
import { counted } from '../counted.ts';
import type { Enrolments } from '../enrolments.ts';
import type { Findings } from '../findings.ts';
import type { IdentityModes } from '../identity-modes.ts';
import type { VerificationSetup } from '../pinned.ts';
import { erasedBinding, erasedEmail } from '../reasons.ts';
import { Bindings, type Binding, type Fault } from './bindings.ts';
import type { Certified, SteppedUp } from './signed-in.ts';
import { SignInTokens } from './sign-in-tokens.ts';
import { checkClaims } from './token-check.ts';

/** What the check takes of an entry. */
export interface SignInEntry {
  readonly index: number;
  readonly digest: Digest;
  readonly values: OpenedValues;
  readonly read: Pick<ReadStatement, 'event' | 'followsFrom'>;
}

/**
 * Sign-ins at identity providers: who is bound to which account, which keys are the providers', and
 * that behind every stepped-up approval stands the one sign-in that it was signed on.
 */
export class SignInCheck {
  readonly #findings: Findings;
  readonly #enrolments: Enrolments;
  readonly #bindings: Bindings;
  readonly #tokens: SignInTokens;
  #certified: { readonly index: number; readonly by: Certified } | undefined;
  #waiting: SteppedUp | undefined;
  #signIns = 0;

  constructor(
    findings: Findings,
    enrolments: Enrolments,
    setup: VerificationSetup,
    modes: IdentityModes,
  ) {
    this.#findings = findings;
    this.#enrolments = enrolments;
    this.#bindings = new Bindings(enrolments);
    this.#tokens = new SignInTokens(findings, setup, modes);
  }

  /** The bundle of a stepped-up approval verifies; called before the entry itself is taken. */
  certified(index: number, verdict: Extract<BundleVerdict, { readonly ok: true }>): void {
    const { identity: email, issuer, tokenSubject: subject, publicKey, signedAt } = verdict;
    this.#certified = { index, by: { email, issuer, subject, publicKey, signedAt } };
  }

  /** The next entry of the log. */
  take(entry: SignInEntry): void {
    const { event } = entry.read;
    if (!this.#isOfOneCommit(event)) this.#missing(entry.index);
    this.#learn(event, entry);
    if (event.type === 'approval.given' && event.steppedUp) this.#approval(event, entry);
    if (event.type === 'sign-in.recorded') this.#signIn(event, entry);
  }

  /** A pinned witness cosigned, at this time, a checkpoint of the first `size` entries. */
  witnessed(size: number, at: Instant): void {
    this.#tokens.keys.witnessed(size, at);
  }

  /** The end of the log; tells what stays unproven. */
  end(): void {
    this.#missing(this.#waiting?.index ?? null);
    this.#tokens.end();
  }

  close(): void {
    this.#findings.detail('sign-ins', counted(this.#signIns, 'sign-in'));
  }

  /** Behind a stepped-up approval stands its activation, if it was the last one needed, or its sign-in. */
  #isOfOneCommit(event: RecordedEvent): boolean {
    if (this.#waiting === undefined || event.type === 'sign-in.recorded') return true;
    const { activated, event: approval } = this.#waiting;
    if (event.type !== 'bypass.activated' || event.bypass !== approval.bypass) return false;
    this.#waiting = { ...this.#waiting, activated: true };
    return !activated;
  }

  /** Told of the entry that stands in its place. */
  #missing(index: number | null): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting === undefined) return;
    const person = this.#enrolments.nameOf(waiting.event.approver);
    this.#findings.add('sign-in-missing', index, { person, expected: waiting.index });
  }

  /** Bindings and keys that the log names, for the sign-ins behind them. */
  #learn(event: RecordedEvent, { index, digest, values }: SignInEntry): void {
    if (event.type === 'person.enrolled')
      this.#tell(index, this.#bindings.enrol(event.person, values['email'] ?? null));
    if (event.type === 'person.bound') {
      this.#tell(index, this.#bindings.bind(event, digest, values));
      const { account, subject, email } = values;
      const erased = {
        account: account === null,
        subject: subject === null,
        email: email === null,
      };
      if (erased.account || erased.subject || erased.email)
        this.#findings.unprovenIdentity(
          index,
          erasedBinding(this.#enrolments.nameOf(event.person), erased),
        );
    }
    if (event.type === 'person.unbound') this.#tell(index, this.#bindings.unbind(event));
    if (event.type === 'provider.keys' && !this.#tokens.keys.record(event, digest, index))
      this.#findings.add('provider-keys-wrong', index, { found: event.issuer });
  }

  #approval(event: RecordedOf<'approval.given'>, { index, digest }: SignInEntry): void {
    const certified = this.#certified?.index === index ? this.#certified.by : null;
    this.#waiting = { index, digest, event, certified, activated: false };
    const person = this.#enrolments.nameOf(event.approver);
    const binding = this.#bindings.of(event.approver);
    if (binding === undefined) this.#findings.add('binding-missing', index, { person });
    else if (certified !== null) this.#certifies(binding, certified, index, person);
  }

  /** The certificate names the account that is bound. */
  #certifies(
    { issuer, subject, email }: Binding,
    certified: Certified,
    index: number,
    person: string,
  ): void {
    const { email: found } = certified;
    if (email !== null && email !== found)
      this.#findings.add('identity-differs', index, { person, found });
    if (issuer !== certified.issuer || (subject !== null && subject !== certified.subject))
      this.#findings.add('certificate-other-account', index, {
        person,
        expected: issuer,
        found: certified.issuer,
      });
    // Whoever leaves a value out could be hiding that it differs: so it is told, and never passed over.
    if (email === null || subject === null)
      this.#findings.unprovenIdentity(index, erasedEmail({ person, found }));
  }

  #signIn(event: RecordedOf<'sign-in.recorded'>, entry: SignInEntry): void {
    const { index } = entry;
    const approval = this.#waiting;
    this.#waiting = undefined;
    this.#signIns += 1;
    if (approval === undefined || approval.digest !== event.entry) {
      this.#findings.add('sign-in-unexpected', index, { found: event.entry });
      return;
    }
    const name = this.#enrolments.nameOf(approval.event.approver);
    const { actor, person } = event;
    const { approver } = approval.event;
    if (person !== approver || actor.kind !== 'person' || actor.person !== approver)
      this.#findings.add('sign-in-of-another', index, { person: name, found: person });
    const binding = this.#bindings.of(approval.event.approver);
    this.#rests(entry, [
      event.entry,
      event.keys,
      ...(binding === undefined ? [] : [binding.entry]),
    ]);
    this.#tokens.check(event, index, entry.values['idToken'] ?? null, {
      name,
      claims: (token) => checkClaims({ token, signIn: event, approval, binding, name }),
    });
  }

  #rests({ index, read }: SignInEntry, needed: readonly string[]): void {
    const missing = needed.find((one) => !(read.followsFrom as readonly string[]).includes(one));
    if (missing !== undefined)
      this.#findings.add('sign-in-unconnected', index, { expected: missing });
  }

  #tell(index: number, faults: readonly Fault[]): void {
    for (const { code, about } of faults) this.#findings.add(code, index, about);
  }
}
