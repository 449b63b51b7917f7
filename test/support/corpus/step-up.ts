import type { BypassId, PersonId } from '#domain/ids';
import { MINUTE_MS, SECOND_MS, type Instant } from '#domain/instant';
import type { SignInMode } from '#domain/tenant-event';
import { signInNonce } from '#ledger/sign-in-nonce';
import type { EntryEvent } from '#ledger/entry-draft';
import type { CertifiedEphemeralKey } from '#sigstore/obtain-certificate';
import { SERVICE } from '#domain/actor';
import { emailOf, type History } from '#test/support/replay/history';
import type { UnsignedEntry } from '#test/support/replay/test-log';
import { forgeCertificate, type ForgedCertificate } from './forged-certificate.ts';
import { claimsOf, OWN_KEY_CLIENT, PROVIDER, SSO_CLIENT, subjectAt } from './provider.ts';
import type { Signer } from './signer.ts';

type Approval = Extract<EntryEvent, { type: 'approval.given' }>;

/** How long after the press a stepped-up approval is signed. */
const SIGNED_AFTER_MS = 8 * SECOND_MS;

/** A key with a certificate as Fulcio issues it on the provider's ID token. */
export function certifiedBySignIn(
  signer: Signer,
  { approver, at }: Pick<Approval, 'approver' | 'at'>,
  says: Partial<ForgedCertificate> = {},
): Promise<CertifiedEphemeralKey> {
  return forgeCertificate(signer, {
    emails: [emailOf(approver)],
    at: at + SIGNED_AFTER_MS,
    tokenSubject: subjectAt(approver),
    issuer: PROVIDER,
    ...says,
  });
}

export const signedAt = (at: Instant): Instant => at + SIGNED_AFTER_MS;

export const spkiOf = ({ certificate }: CertifiedEphemeralKey): Uint8Array =>
  new Uint8Array(certificate.publicKey.export({ format: 'der', type: 'spki' }));

export const clientOf = (mode: SignInMode): string =>
  mode === 'sso' ? SSO_CLIENT : OWN_KEY_CLIENT;

/** The provider's keys are recorded, and people bind their accounts there. */
export function recordProvider(
  history: History,
  signer: Signer,
  people: readonly PersonId[],
): void {
  const { now: at } = history;
  const { issuer, recorded: keys } = signer.provider;
  history.append({ type: 'provider.keys', at, actor: SERVICE, issuer, keys });
  for (const person of people) bind(history, person);
}

export function bind(history: History, person: PersonId, over: { subject?: string } = {}): void {
  const enrolled = history.entries.find(
    ({ event }) => event.type === 'person.enrolled' && event.person === person,
  );
  const account = { account: `T1/${person}`, email: emailOf(person), subject: subjectAt(person) };
  history.append(
    {
      type: 'person.bound',
      at: history.now,
      actor: { kind: 'person', person },
      person,
      issuer: PROVIDER,
      detached: { ...account, ...over },
    },
    enrolled === undefined ? [] : [enrolled.digest],
  );
}

export function unbind(history: History, person: PersonId): void {
  const binding = bindingOf(history.entries, person);
  history.append(
    {
      type: 'person.unbound',
      at: history.now,
      actor: SERVICE,
      person,
      binding: binding.digest,
      detached: { reason: 'a new account' },
    },
    [binding.digest],
  );
}

/** An approval with a sign-in, which is recorded behind it and its activation. */
export async function approveSignedIn(
  history: History,
  signer: Signer,
  bypass: BypassId,
  by: PersonId,
  mode: SignInMode,
): Promise<void> {
  const request = history.digestOf(bypass);
  const pressedAt = history.now;
  history.now += SIGNED_AFTER_MS + SECOND_MS;
  const press = { request, ttlMs: 15 * MINUTE_MS, pressedAt, signing: 'attested' } as const;
  history.run({ type: 'approve', bypass, by, ...press, steppedUp: true });
  const approval = history.entries.findLast(({ event }) => event.type === 'approval.given');
  if (approval?.event.type !== 'approval.given') throw new RangeError('no approval');
  // A log that is written anew may hold the same statement; its key stays the one of its sign-in.
  const key =
    signer.stepUps.get(approval.digest) ?? (await certifiedBySignIn(signer, approval.event));
  signer.stepUps.set(approval.digest, key);
  const nonce = signInNonce(approval.digest, spkiOf(key));
  const client = clientOf(mode);
  const claims = claimsOf(by, { nonce, client, approvedAt: approval.event.at });
  const { event, followsFrom } = signInOf(history, approval, mode);
  const detached = { idToken: await signer.provider.token(claims) };
  history.append({ ...event, detached }, followsFrom);
}

function signInOf(history: History, { event, digest }: UnsignedEntry, mode: SignInMode) {
  if (event.type !== 'approval.given') throw new RangeError('no approval');
  const { approver: person } = event;
  const keys = history.entries.findLast((one) => one.event.type === 'provider.keys');
  if (keys === undefined) throw new RangeError('no keys');
  return {
    event: {
      type: 'sign-in.recorded',
      at: history.now,
      actor: { kind: 'person', person },
      entry: digest,
      person,
      mode,
      issuer: PROVIDER,
      client: clientOf(mode),
      keys: keys.digest,
    } as const,
    followsFrom: [digest, bindingOf(history.entries, person).digest, keys.digest],
  };
}

function bindingOf(entries: readonly UnsignedEntry[], person: PersonId): UnsignedEntry {
  const bound = entries.findLast(
    ({ event }) => event.type === 'person.bound' && event.person === person,
  );
  if (bound === undefined) throw new RangeError(`${person} is not bound`);
  return bound;
}
