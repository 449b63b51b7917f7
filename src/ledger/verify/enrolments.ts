import type { OpenedValues } from '../openings.ts';
import type { RecordedOf } from '../recorded-event.ts';
import type { About, FindingCode } from './words.ts';

type Fault = { readonly code: FindingCode; readonly about: About };

/** What the log says a person's e-mails are; `erased` if there are some it no longer shows. */
interface Emails {
  readonly shown: Set<string>;
  erased: boolean;
}

/** Who was bound to which account and e-mail, in the order of the log. */
export class Enrolments {
  readonly #emails = new Map<string, Emails>();
  readonly #accounts = new Map<
    string,
    { readonly person: string; readonly email: string | null }
  >();
  readonly #owners = new Map<string, string>();
  /** People of whom the log no longer shows every account. */
  readonly #hidden = new Set<string>();

  /** Takes an enrolment; gives what is wrong with it. */
  enrol(event: RecordedOf<'person.enrolled'>, values: OpenedValues): readonly Fault[] {
    const { person } = event;
    const [account, email] = [values['account'] ?? null, values['email'] ?? null];
    const faults = [
      ...this.#bindAccount(person, account, email),
      ...this.#bindEmail(person, email),
    ];
    const emails = this.#emails.get(person) ?? { shown: new Set(), erased: false };
    this.#emails.set(person, emails);
    if (email === null) emails.erased = true;
    else emails.shown.add(email);
    return faults;
  }

  #bindAccount(person: string, account: string | null, email: string | null): readonly Fault[] {
    if (account === null) {
      this.#hidden.add(person);
      return [];
    }
    const before = this.#accounts.get(account);
    if (before === undefined) {
      this.#accounts.set(account, { person, email });
      return [];
    }
    if (before.person !== person)
      return [this.#twice('account-on-two-people', person, before.person)];
    const rebound = before.email !== null && email !== null && before.email !== email;
    return rebound ? [{ code: 'account-rebound', about: { person: this.nameOf(person) } }] : [];
  }

  // Mail servers take case for the same, so two people must differ in more than that.
  #bindEmail(person: string, email: string | null): readonly Fault[] {
    if (email === null) return [];
    const owner = this.#owners.get(email.toLowerCase()) ?? person;
    this.#owners.set(email.toLowerCase(), owner);
    return owner === person ? [] : [this.#twice('email-on-two-people', person, owner)];
  }

  #twice(code: FindingCode, person: string, before: string): Fault {
    return { code, about: { person: this.nameOf(person), expected: this.nameOf(before) } };
  }

  /** Whether this e-mail, exactly, was bound to the person; `erased` if the log no longer shows. */
  identityOf(person: string, email: string): 'same' | 'differs' | 'erased' | 'unknown' {
    const emails = this.#emails.get(person);
    if (emails === undefined) return 'unknown';
    if (emails.shown.has(email)) return 'same';
    return emails.erased ? 'erased' : 'differs';
  }

  /** Whether this account is enrolled for the person, as far as the log still shows. */
  holds(person: string, account: string): boolean {
    const owner = this.ownerOf(account);
    return owner === undefined ? this.#hidden.has(person) : owner === person;
  }

  /** Whose account this is; `undefined` if the log enrolled nobody with it. */
  ownerOf(account: string): string | undefined {
    return this.#accounts.get(account)?.person;
  }

  /** Who was enrolled with this e-mail first, in whatever case. */
  ownerOfEmail(email: string): string | undefined {
    return this.#owners.get(email.toLowerCase());
  }

  /** The person's id, with the first e-mail that the log shows. */
  nameOf(person: string): string {
    const email = this.#emails.get(person)?.shown.values().next().value;
    return email === undefined ? person : `${person} (${email})`;
  }
}
