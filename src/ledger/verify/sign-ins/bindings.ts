import type { Digest } from '../../digest.ts';
import type { OpenedValues } from '../../openings.ts';
import type { RecordedOf } from '../../recorded-event.ts';
import type { Enrolments } from '../enrolments.ts';
import type { About, FindingCode } from '../words.ts';

export interface Fault {
  readonly code: FindingCode;
  readonly about: About;
}

/** A person's account at an identity provider; values that were erased are `null`. */
export interface Binding {
  readonly entry: Digest;
  readonly person: string;
  readonly issuer: string;
  readonly subject: string | null;
  readonly email: string | null;
}

/** Which provider account is whose, at the place of the log that was reached. */
export class Bindings {
  readonly #enrolments: Enrolments;
  readonly #ofPerson = new Map<string, Binding>();
  /** Whose accounts and e-mails are or ever were: whoever signs in with one stays one person. */
  readonly #ofAccount = new Map<string, string>();
  readonly #ofEmail = new Map<string, string>();

  constructor(enrolments: Enrolments) {
    this.#enrolments = enrolments;
  }

  /** The binding in force. */
  of(person: string): Binding | undefined {
    return this.#ofPerson.get(person);
  }

  /** Takes a binding; gives what is wrong with it. Where it is wrong, the earlier one stays. */
  bind(
    { person, issuer, actor }: RecordedOf<'person.bound'>,
    entry: Digest,
    values: OpenedValues,
  ): readonly Fault[] {
    const { subject = null, email = null, account = null } = values;
    const binding = { entry, person, issuer, subject, email };
    const faults = [
      // A binding is the person's own: nobody confirms one for another.
      ...(actor.kind === 'person' && actor.person === person
        ? []
        : [this.#fault('bound-by-another', person)]),
      ...(this.#ofPerson.has(person) ? [this.#fault('person-bound-twice', person)] : []),
      ...this.#taken('provider-account-on-two-people', person, this.#sameAccount(binding)),
      ...this.#taken('provider-email-on-two-people', person, this.#sameEmail(email)),
      ...this.#taken('email-on-two-people', person, this.#enrolledWith(email)),
      ...this.#boundFrom(account, person),
    ];
    if (faults.length === 0) this.#keep(binding);
    return faults;
  }

  /** Takes a binding away; gives what is wrong with that. */
  unbind({ person, binding: entry }: RecordedOf<'person.unbound'>): readonly Fault[] {
    const binding = this.#ofPerson.get(person);
    if (binding?.entry !== entry) return [this.#fault('unbinding-wrong', person)];
    this.#ofPerson.delete(person);
    return [];
  }

  /** Somebody is enrolled with an e-mail, which is nobody else's at the provider. */
  enrol(person: string, email: string | null): readonly Fault[] {
    return this.#taken('provider-email-on-two-people', person, this.#sameEmail(email));
  }

  #keep(binding: Binding): void {
    this.#ofPerson.set(binding.person, binding);
    if (binding.subject !== null) this.#ofAccount.set(accountOf(binding), binding.person);
    if (binding.email !== null) this.#ofEmail.set(addressOf(binding.email), binding.person);
  }

  #sameAccount(binding: Binding): string | undefined {
    return binding.subject === null ? undefined : this.#ofAccount.get(accountOf(binding));
  }

  #sameEmail(email: string | null): string | undefined {
    return email === null ? undefined : this.#ofEmail.get(addressOf(email));
  }

  #enrolledWith(email: string | null): string | undefined {
    return email === null ? undefined : this.#enrolments.ownerOfEmail(email);
  }

  /** The account in the chat that the binding was confirmed from is enrolled for the same person. */
  #boundFrom(account: string | null, person: string): readonly Fault[] {
    if (account === null || this.#enrolments.holds(person, account)) return [];
    return [this.#fault('bound-account-of-another', person, this.#enrolments.ownerOf(account))];
  }

  #taken(code: FindingCode, person: string, owner: string | undefined): readonly Fault[] {
    return owner === undefined || owner === person ? [] : [this.#fault(code, person, owner)];
  }

  #fault(code: FindingCode, person: string, owner?: string): Fault {
    const named = { person: this.#enrolments.nameOf(person) };
    const about =
      owner === undefined ? named : { ...named, expected: this.#enrolments.nameOf(owner) };
    return { code, about };
  }
}

/** No two accounts of a provider have one `sub` (OpenID Connect Core §5.7). */
const accountOf = ({ issuer, subject }: Binding): string => JSON.stringify([issuer, subject]);

// Mail servers take case for the same, so two people must differ in more than that.
const addressOf = (email: string): string => email.toLowerCase();
