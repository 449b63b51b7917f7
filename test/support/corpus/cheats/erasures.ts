import { SERVICE } from '#domain/actor';
import { personId, type PersonId } from '#domain/ids';
import type { FindingCode } from '#ledger/verify/words';
import { emailOf, History } from '#test/support/replay/history';
import { playBypass } from '#test/support/replay/random-history';
import { sealForReal, type Base } from '../base.ts';
import { exportOf, withEntry, type Export } from '../export.ts';

/**
 * A cheat of the service that is refused as long as a value is shown, and whose refusal goes away
 * with the value: what is left must not read like a proof.
 */
export interface Erasure {
  readonly name: string;
  /** With everything shown. */
  readonly shown: (base: Base) => Promise<Cheated>;
  /** What is refused then, and nothing else. */
  readonly code: FindingCode;
  /** The enrolment whose values are left out: of whom, counted from the end. */
  readonly hides: PersonId;
  /** What the auditor reads once they are. */
  readonly words: readonly string[];
}

interface Cheated {
  readonly history: History;
  readonly export: Export;
}

interface Second {
  readonly person: PersonId;
  readonly account: string;
  readonly email: string;
}

const [ben, gil] = [personId('ben'), personId('gil')];
const MALLORY = 'mallory@evil.example';

/** A bypass that amy asked for and ben and cem approved, after another enrolment. */
async function played(
  { keys, signer }: Base,
  emails: (person: PersonId) => string,
  second?: Second,
): Promise<Cheated> {
  const history = new History({ logKey: keys.vkey, serviceKey: keys.keyId });
  if (second !== undefined) {
    const { person, ...detached } = second;
    const { now: at } = history;
    const source = 'policy';
    history.append({ type: 'person.enrolled', at, actor: SERVICE, person, source, detached });
  }
  playBypass(history);
  return {
    history,
    export: exportOf(await sealForReal(history.entries, keys, signer, emails), keys),
  };
}

const malloryForBen = (person: PersonId): string => (person === ben ? MALLORY : emailOf(person));

/** The last enrolment of a person, by its index. */
export function enrolmentOf({ entries }: History, person: PersonId): number {
  return entries.findLastIndex(
    ({ event }) => event.type === 'person.enrolled' && event.person === person,
  );
}

/** The export without the values of that enrolment. */
export function hidden(erasure: Erasure, cheated: Cheated): Export {
  return withEntry(cheated.export, enrolmentOf(cheated.history, erasure.hides), { openings: {} });
}

export const ERASURES: readonly Erasure[] = [
  {
    name: 'somebody else signs for an approver whose enrolment is not shown',
    shown: (base) => played(base, malloryForBen),
    code: 'identity-differs',
    hides: ben,
    words: [`an e-mail of ben was erased; the certificate names ${MALLORY}`],
  },
  {
    name: 'somebody else signs for an approver of whose two enrolments one is not shown',
    shown: (base) =>
      played(base, malloryForBen, { person: ben, account: 'T2/ben', email: 'ben@other.example' }),
    code: 'identity-differs',
    hides: ben,
    words: [
      `an e-mail of ben (ben@example.com) was erased; the certificate names ${MALLORY}`,
      'the account and e-mail that ben (ben@example.com) was enrolled with were erased',
    ],
  },
  {
    name: 'an account enrolled for a second person, which is not shown',
    shown: (base) =>
      played(base, emailOf, { person: gil, account: 'T1/ben', email: 'gil@example.com' }),
    code: 'account-on-two-people',
    hides: gil,
    words: ['the account and e-mail that gil was enrolled with were erased'],
  },
  {
    name: 'an e-mail enrolled for a second person, which is not shown',
    shown: (base) =>
      played(base, emailOf, { person: gil, account: 'T1/gil', email: 'ben@example.com' }),
    code: 'email-on-two-people',
    hides: gil,
    words: ['the account and e-mail that gil was enrolled with were erased'],
  },
];
