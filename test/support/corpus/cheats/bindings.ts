import { SERVICE } from '#domain/actor';
import { personId } from '#domain/ids';
import { digestOf, type Digest } from '#ledger/digest';
import { signInNonce } from '#ledger/sign-in-nonce';
import type { EntryEvent } from '#ledger/entry-draft';
import type { FindingCode, StepName } from '#ledger/verify/words';
import { entryOf, type UnsignedEntry } from '#test/support/replay/test-log';
import { sealForReal, type Base } from '../base.ts';
import { theLog, type Cheat } from '../cheat.ts';
import { exportOf, type Export } from '../export.ts';
import { claimsOf, newProvider, PROVIDER, subjectAt } from '../provider.ts';
import { certifiedBySignIn, spkiOf } from '../step-up.ts';
import { rearranged } from './sign-ins.ts';

type Type = 'person.bound' | 'person.unbound' | 'provider.keys';
type EventOf<Of extends Type> = Extract<EntryEvent, { type: Of }>;

/** The entry of this type, `nth` of them, says something else; all is sealed anew. */
function saying<Of extends Type>(
  base: Base,
  type: Of,
  nth: number,
  to: (event: EventOf<Of>) => EntryEvent,
): Promise<Export> {
  return rearranged(base, (entries) => {
    const index = placeOf(base, type, nth);
    const { event, followsFrom } = entries[index] ?? never();
    return entries.with(index, entryOf(to(event as EventOf<Of>), index, followsFrom));
  });
}

const placeOf = (base: Base, type: Type, nth = 0): number => {
  const places = base.history.entries.flatMap(({ event }, index) =>
    event.type === type ? [index] : [],
  );
  return places[nth] ?? never();
};

const place =
  (type: Type, nth = 0) =>
  (base: Base): number =>
    placeOf(base, type, nth);

const bound = (
  name: string,
  nth: number,
  over: (event: EventOf<'person.bound'>) => Partial<EventOf<'person.bound'>>,
  [code, words]: readonly [FindingCode, string],
): Cheat => ({
  name,
  apply: (base) => saying(base, 'person.bound', nth, (event) => ({ ...event, ...over(event) })),
  refused: { by: 'identities', code, at: place('person.bound', nth), words },
});

const keys = (name: string, to: (keys: readonly string[]) => readonly string[]): Cheat => ({
  name,
  apply: (base) =>
    saying(base, 'provider.keys', 0, (event) => ({ ...event, keys: to(event.keys) })),
  refused: {
    by: 'sign-ins',
    code: 'provider-keys-wrong',
    at: place('provider.keys'),
    words: `What is recorded as keys of ${PROVIDER} is not a sorted list of public keys`,
  },
});

const without = (base: Base, type: Type, nth: number): Promise<Export> =>
  rearranged(base, (entries) => {
    const dropped = placeOf(base, type, nth);
    const { digest } = entries[dropped] ?? never();
    return entries.toSpliced(dropped, 1).map((entry, index): UnsignedEntry => {
      if (!entry.followsFrom.includes(digest)) return entry;
      const followsFrom = entry.followsFrom.filter((one) => one !== digest);
      return { ...entry, ...entryOf(entry.event, index, followsFrom) };
    });
  });

const of = (by: StepName, code: FindingCode, at: Cheat['refused']['at'], words: string) => ({
  by,
  code,
  at,
  words,
});

function enrolling(name: string, at: number, { length }: readonly UnsignedEntry[]): UnsignedEntry {
  const detached = { account: `T1/${name}`, email: `${name}@example.com` };
  const said = { type: 'person.enrolled', at, actor: SERVICE, source: 'profile' } as const;
  return entryOf({ ...said, person: personId(name), detached }, length);
}

/** Every part of the sign-ins names the broker's issuer, as if it were the identity provider. */
async function atTheBroker(base: Base): Promise<Export> {
  const issuer = base.signer.issuer.issuerUrl;
  const became = new Map<string, Digest>();
  const renamed = (digest: Digest): Digest => became.get(digest) ?? digest;
  const made: UnsignedEntry[] = [];
  for (const [index, { event, followsFrom, ...entry }] of base.history.entries.entries()) {
    const said = await saidAt(issuer, event, { base, made, renamed });
    const next =
      said === event && followsFrom.every((one) => !became.has(one))
        ? { event, followsFrom, ...entry }
        : entryOf(said, index, followsFrom.map(renamed));
    if (next.digest !== entry.digest) became.set(entry.digest, next.digest);
    made.push(next);
  }
  return exportOf(await sealForReal(made, base.keys, base.signer), base.keys);
}

async function saidAt(
  issuer: string,
  event: EntryEvent,
  {
    base: { signer },
    made,
    renamed,
  }: { base: Base; made: readonly UnsignedEntry[]; renamed: (digest: Digest) => Digest },
): Promise<EntryEvent> {
  if (event.type === 'provider.keys' || event.type === 'person.bound') return { ...event, issuer };
  if (event.type === 'person.unbound')
    return { ...event, binding: renamed(event.binding as Digest) };
  if (event.type !== 'sign-in.recorded') return event;
  const approval = made.findLast((one) => one.event.type === 'approval.given');
  if (approval?.event.type !== 'approval.given') throw new RangeError('no approval');
  const key = await certifiedBySignIn(signer, approval.event, { issuer });
  signer.stepUps.set(approval.digest, key);
  const nonce = signInNonce(approval.digest, spkiOf(key));
  const { client, person } = event;
  const claims = claimsOf(person, { nonce, client, approvedAt: approval.event.at });
  const idToken = await signer.provider.token({ ...claims, iss: issuer });
  return { ...event, issuer, keys: renamed(event.keys as Digest), detached: { idToken } };
}

/** Whose account is whose at the identity provider, and which keys are the provider's. */
export const BINDINGS: readonly Cheat[] = [
  bound(
    'the provider account of one person bound to another',
    1,
    ({ detached }) => ({ detached: { ...detached, subject: subjectAt(personId('ben')) } }),
    ['provider-account-on-two-people', 'is bound to ben (ben@example.com) already'],
  ),
  bound(
    'the provider e-mail of one person, in capitals, bound to another',
    1,
    ({ detached }) => ({ detached: { ...detached, email: 'BEN@example.com' } }),
    ['provider-email-on-two-people', 'is bound to ben (ben@example.com) already'],
  ),
  bound(
    'an account with the e-mail that somebody else was enrolled with, in capitals',
    2,
    ({ detached }) => ({ detached: { ...detached, email: 'AMY@example.com' } }),
    ['email-on-two-people', 'was enrolled for amy (amy@example.com) before'],
  ),
  bound(
    'an account that was taken from one person, bound to another',
    2,
    () => ({
      actor: { kind: 'person', person: personId('dee') },
      person: personId('dee'),
      detached: {
        account: 'T1/dee',
        email: 'dee@example.com',
        subject: subjectAt(personId('ben')),
      },
    }),
    ['provider-account-on-two-people', 'is bound to ben (ben@example.com) already'],
  ),
  bound(
    'an e-mail that was taken from one person, bound to another',
    2,
    () => ({
      actor: { kind: 'person', person: personId('dee') },
      person: personId('dee'),
      detached: { account: 'T1/dee', email: 'ben@example.com', subject: '00u-dee' },
    }),
    ['provider-email-on-two-people', 'is bound to ben (ben@example.com) already'],
  ),
  {
    name: 'somebody enrolled with the e-mail that another has bound',
    apply: (base) =>
      rearranged(base, (entries) => {
        const index = placeOf(base, 'person.bound', 2);
        const { event, followsFrom } = entries[index] ?? never();
        const { detached } = event as EventOf<'person.bound'>;
        const rebound = { ...event, detached: { ...detached, email: 'zoe@example.com' } };
        return [
          ...entries.with(index, entryOf(rebound as EntryEvent, index, followsFrom)),
          enrolling('zoe', event.at, entries),
        ];
      }),
    refused: of(
      'identities',
      'provider-email-on-two-people',
      (base) => base.export.entries.length,
      'The e-mail of zoe (zoe@example.com) is bound to ben (ben@example.com) already',
    ),
  },
  bound(
    'a binding from an account that was enrolled for nobody',
    0,
    ({ detached }) => ({ detached: { ...detached, account: 'T1/unknown' } }),
    ['bound-account-of-another', 'enrolled for nobody'],
  ),
  bound(
    'a binding from the account of somebody else',
    1,
    ({ detached }) => ({ detached: { ...detached, account: 'T1/amy' } }),
    ['bound-account-of-another', 'enrolled for amy (amy@example.com)'],
  ),
  bound(
    'a binding that another person confirmed',
    0,
    () => ({ actor: { kind: 'person', person: personId('amy') } }),
    ['bound-by-another', 'by somebody else than themselves'],
  ),
  bound('a binding that the service made', 0, () => ({ actor: { kind: 'service' } }), [
    'bound-by-another',
    'by somebody else than themselves',
  ]),
  {
    name: 'an account bound anew without having been unbound',
    apply: (base) => without(base, 'person.unbound', 0),
    refused: of(
      'identities',
      'person-bound-twice',
      (base) => placeOf(base, 'person.bound', 2) - 1,
      'was bound to a second provider account',
    ),
  },
  {
    name: 'a person unbound from an account that was never theirs',
    apply: (base) =>
      saying(base, 'person.unbound', 0, (event) => ({ ...event, binding: digestOf('other') })),
    refused: of(
      'identities',
      'unbinding-wrong',
      place('person.unbound'),
      'was unbound from an account that was not the one bound',
    ),
  },
  {
    name: 'a stepped-up approval of somebody who was bound to no account',
    apply: (base) => without(base, 'person.bound', 0),
    refused: of(
      'identities',
      'binding-missing',
      (base) => base.indexOf('approval.given', 'sso') - 1,
      'was bound to no provider account then',
    ),
  },
  {
    name: 'a sign-in ahead of which no keys of the provider were recorded',
    apply: (base) => without(base, 'provider.keys', 0),
    refused: {
      ...of(
        'sign-ins',
        'sign-in-unconnected',
        (base) => base.indexOf('sign-in.recorded') - 1,
        'which it rests on (approval, keys, binding)',
      ),
    },
  },
  {
    name: 'keys of the provider that are not those which signed',
    apply: (base) =>
      saying(base, 'provider.keys', 0, (event) => ({ ...event, keys: newProvider().recorded })),
    refused: of(
      'sign-ins',
      'provider-keys-unknown',
      (base) => base.indexOf('sign-in.recorded'),
      'that no earlier entry recorded',
    ),
  },
  {
    name: 'the broker passed off as the identity provider',
    apply: async (base) => {
      const honest = new Map(base.signer.stepUps);
      const forged = await atTheBroker(base);
      for (const [digest, key] of honest) base.signer.stepUps.set(digest, key);
      return forged;
    },
    refused: of('sign-ins', 'sign-in-at-broker', theLog, 'the service itself can sign anybody in'),
  },
  keys('keys of the provider in another order', (all) => all.toReversed()),
  keys('a key of the provider twice', (all) => [...all, ...all].toSorted()),
  keys('a private key of the provider', ([one = '{}']) => [one.replace('"crv"', '"d":"AA","crv"')]),
  keys('a shared secret in place of a key', () => ['{"k":"AA","kty":"oct"}']),
  keys('a key of the provider that is not canonical', ([one = '{}']) => [`${one} `]),
  keys('no keys of the provider', () => []),
];

function never(): never {
  throw new RangeError('no such entry');
}
