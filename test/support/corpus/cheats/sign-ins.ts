import { generateKeyPairSync } from 'node:crypto';
import { personId } from '#domain/ids';
import { MINUTE_MS } from '#domain/instant';
import type { ExportedEntry } from '#ledger/export/format';
import { signInNonce } from '#ledger/sign-in-nonce';
import { digestOf } from '#ledger/digest';
import type { EntryEvent } from '#ledger/entry-draft';
import type { FindingCode } from '#ledger/verify/words';
import { serviceEnvelope } from '#test/support/replay/sealed-log';
import { entryOf, type UnsignedEntry } from '#test/support/replay/test-log';
import { sealForReal, type Base } from '../base.ts';
import type { Cheat } from '../cheat.ts';
import { entryAt, exportOf, withEntry, type Export } from '../export.ts';
import type { ForgedCertificate } from '../forged-certificate.ts';
import { claimsOf, newProvider, PROVIDER, type Claims, type Signed } from '../provider.ts';
import { certifiedBySignIn, clientOf, signedAt, spkiOf } from '../step-up.ts';

type SignIn = Extract<EntryEvent, { type: 'sign-in.recorded' }>;
type Approval = Extract<EntryEvent, { type: 'approval.given' }>;
type Bypass = 'sso' | 'own';

/** What differs from the honest sign-in; each left out is what it should be. */
interface Forged {
  readonly of?: Bypass;
  readonly claims?: (honest: Claims, base: Base) => Claims;
  readonly signed?: (base: Base) => Signed;
  /** The compact token in place of one that is signed. */
  readonly token?: (compact: string) => string;
  readonly certificate?: Partial<ForgedCertificate>;
  /** The approval is signed that much later. */
  readonly laterMs?: number;
  readonly event?: (honest: SignIn, base: Base) => SignIn;
  readonly followsFrom?: (honest: UnsignedEntry['followsFrom']) => UnsignedEntry['followsFrom'];
}

const approvalAt = (base: Base, of: Bypass = 'sso'): number => base.indexOf('approval.given', of);
/** Behind the approval and its activation. */
const signInAt = (base: Base, of: Bypass = 'sso'): number => approvalAt(base, of) + 2;

const approvalOf = (base: Base, of: Bypass): Approval => {
  const event = base.history.entries[approvalAt(base, of)]?.event;
  if (event?.type !== 'approval.given') throw new RangeError('no approval');
  return event;
};

/** The approval signed anew with another key, on a token and behind an entry as asked. */
async function signedInAs(base: Base, forged: Forged): Promise<Export> {
  const {
    of = 'sso',
    claims = (honest: Claims) => honest,
    token = (compact: string) => compact,
  } = forged;
  const { signer, keys } = base;
  const [approval, place] = [approvalOf(base, of), approvalAt(base, of)];
  const { statement } = entryAt(base.export, place);
  const at = signedAt(approval.at) + (forged.laterMs ?? 0);
  const key = await certifiedBySignIn(signer, approval, { at, ...forged.certificate });
  const envelope = await signer.attest(statement, { email: '', at, certified: key });
  const honest = claimsOf(approval.approver, {
    nonce: signInNonce(digestOf(statement), spkiOf(key)),
    client: clientOf(of === 'own' ? 'own-key' : 'sso'),
    approvedAt: approval.at,
  });
  const compact = await signer.provider.token(claims(honest, base), forged.signed?.(base));
  const entries = base.export.entries
    .with(place, { ...entryAt(base.export, place), envelope })
    .with(signInAt(base, of), recorded(base, forged, token(compact)));
  return exportOf(entries, keys);
}

function recorded(base: Base, forged: Forged, idToken: string): ExportedEntry {
  const { of = 'sso', event = (same: SignIn) => same } = forged;
  const index = signInAt(base, of);
  const unsigned = base.history.entries[index];
  if (unsigned?.event.type !== 'sign-in.recorded') throw new RangeError('no sign-in');
  const { followsFrom = (same: UnsignedEntry['followsFrom']) => same } = forged;
  const said = event({ ...unsigned.event, detached: { idToken } }, base);
  const { statement, openings } = entryOf(said, index, followsFrom(unsigned.followsFrom));
  return { index, statement, openings, envelope: serviceEnvelope(statement, base.keys) };
}

/** The history with entries moved, dropped or added, sealed and numbered anew. */
export async function rearranged(
  base: Base,
  change: (entries: readonly UnsignedEntry[]) => readonly UnsignedEntry[],
): Promise<Export> {
  return exportOf(
    await sealForReal(change(base.history.entries), base.keys, base.signer),
    base.keys,
  );
}

const told = (code: FindingCode, words: string, of: Bypass = 'sso'): Cheat['refused'] => ({
  by: 'sign-ins',
  code,
  at: (base) => signInAt(base, of),
  words,
});

const cheat = (name: string, forged: Forged, code: FindingCode, words: string): Cheat => ({
  name,
  apply: (base) => signedInAs(base, forged),
  refused: told(code, words, forged.of),
});

const claiming = (name: string, over: Claims, code: FindingCode, words: string): Cheat =>
  cheat(name, { claims: (honest) => ({ ...honest, ...over }) }, code, words);

const swapped = (part: number, to: unknown) => (compact: string) =>
  compact
    .split('.')
    .with(part, Buffer.from(JSON.stringify(to)).toString('base64url'))
    .join('.');

const unsigned = (compact: string): string =>
  `${swapped(0, { alg: 'none' })(compact).split('.').slice(0, 2).join('.')}.`;

/** An ID token that is not the provider's, or not signed at all. */
const TOKENS: readonly Cheat[] = [
  cheat(
    'a token signed by a stranger’s key under the provider’s key id',
    { signed: () => ({ key: newProvider().key }) },
    'id-token-signature',
    `No key recorded for ${PROVIDER} signed the ID token`,
  ),
  cheat(
    'a token signed with the public key as a shared secret',
    {
      signed: ({ signer }) => ({
        alg: 'HS256',
        key: Buffer.from(signer.provider.recorded[0] ?? ''),
      }),
    },
    'id-token-algorithm',
    'not signed with a public key',
  ),
  cheat(
    'a token of algorithm none, with a signature',
    { token: swapped(0, { alg: 'none', kid: 'ec-1' }) },
    'id-token-algorithm',
    'not signed with a public key',
  ),
  cheat('a token without a signature', { token: unsigned }, 'id-token-malformed', 'no signed JWT'),
  cheat(
    'a token that names another algorithm than its key’s',
    { token: swapped(0, { alg: 'RS256', kid: 'ec-1' }) },
    'id-token-signature',
    'signed the ID token',
  ),
  cheat(
    'a token with an extension that must be understood',
    { token: swapped(0, { alg: 'ES256', kid: 'ec-1', crit: ['b64'], b64: false }) },
    'id-token-malformed',
    'no signed JWT',
  ),
  cheat(
    'a token whose claims were changed',
    { token: swapped(1, { iss: PROVIDER, sub: 'x', aud: 'x', exp: 1, iat: 1 }) },
    'id-token-signature',
    'signed the ID token',
  ),
  cheat(
    'a text that is no token',
    { token: () => 'no.token' },
    'id-token-malformed',
    'no signed JWT',
  ),
  claiming('a token without a subject', { sub: undefined }, 'id-token-malformed', 'no signed JWT'),
];

/** A token of the provider's, and not of this act. */
const CLAIMS: readonly Cheat[] = [
  claiming(
    'a token of another issuer',
    { iss: 'https://id.example.com.evil.io' },
    'id-token-issuer',
    'https://id.example.com.evil.io; the entry says https://id.example.com',
  ),
  claiming('a token for another client', { aud: 'wiki', azp: 'wiki' }, 'id-token-client', 'wiki'),
  claiming(
    'a token of two audiences and no authorised party',
    { aud: ['breakglass-signing', 'wiki'], azp: undefined },
    'id-token-client',
    'nothing',
  ),
  claiming(
    'a token that the wiki asked for, with our client in its audience',
    { aud: ['breakglass-signing', 'wiki'], azp: 'wiki' },
    'id-token-client',
    'wiki',
  ),
  claiming(
    'a token bound to another statement',
    { nonce: signInNonce(digestOf('another act'), new Uint8Array(91)) },
    'id-token-nonce',
    'bound to another statement or key: they did not sign in for this',
  ),
  claiming('a token bound to nothing', { nonce: undefined }, 'id-token-nonce', 'another statement'),
  cheat(
    'a token for this statement and another key',
    {
      claims: (honest, base) => {
        const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
        const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
        const { statement } = entryAt(base.export, approvalAt(base));
        return { ...honest, nonce: signInNonce(digestOf(statement), spki) };
      },
    },
    'id-token-nonce',
    'another statement or key',
  ),
  cheat(
    'a token of a sign-in in the morning',
    { claims: (honest) => ({ ...honest, auth_time: Number(honest['auth_time']) - 3_600 }) },
    'id-token-not-fresh',
    'no fresh sign-in',
  ),
  claiming(
    'a token that does not say when its person signed in',
    { auth_time: undefined },
    'id-token-not-fresh',
    'signed in at never',
  ),
  cheat(
    'a token issued an hour after the press',
    {
      claims: (honest) => ({
        ...honest,
        auth_time: Number(honest['auth_time']) + 3_600,
        iat: Number(honest['iat']) + 3_600,
        exp: Number(honest['exp']) + 3_600,
      }),
    },
    'id-token-not-fresh',
    'no fresh sign-in',
  ),
  cheat(
    'an approval signed long after its token had ended',
    {
      claims: (honest) => ({ ...honest, exp: Number(honest['iat']) + 60 }),
      laterMs: 40 * MINUTE_MS,
    },
    'id-token-time',
    'outside the life of its ID token',
  ),
];

/** A token of another account than the one bound and certified. */
const ACCOUNTS: readonly Cheat[] = [
  claiming(
    'a token of another subject',
    { sub: '00u-mallory' },
    'id-token-other-account',
    'signed in for ben (ben@example.com), whose bound account is',
  ),
  claiming(
    'a token of another e-mail',
    { email: 'ben@example.com.evil.io' },
    'id-token-other-account',
    'ben@example.com.evil.io signed in for ben',
  ),
  claiming(
    'a token whose e-mail the provider did not verify',
    { email_verified: false },
    'id-token-other-account',
    'signed in for ben',
  ),
  {
    name: 'a certificate of another subject than the account bound',
    apply: (base) => signedInAs(base, { certificate: { tokenSubject: '00u-mallory' } }),
    refused: {
      by: 'identities',
      code: 'certificate-other-account',
      at: (base) => approvalAt(base),
      words: 'is of another provider account',
    },
  },
  {
    name: 'a certificate of the broker, on no sign-in at all',
    apply: (base) =>
      signedInAs(base, {
        certificate: {
          issuer: base.signer.issuer.issuerUrl,
          tokenSubject: digestOf(entryAt(base.export, approvalAt(base)).statement),
        },
      }),
    refused: {
      by: 'identities',
      code: 'certificate-other-account',
      at: (base) => approvalAt(base),
      words: 'than the one bound (issuer https://id.example.com)',
    },
  },
  {
    name: 'a certificate of another subject than the token, with the bound one left out',
    apply: withoutSubject,
    refused: told('id-token-other-certificate', 'was not issued on this ID token'),
  },
  {
    name: 'a certificate of another e-mail than the account bound',
    apply: (base) => signedInAs(base, { certificate: { emails: ['cem@example.com'] } }),
    refused: {
      by: 'identities',
      code: 'identity-differs',
      at: (base) => approvalAt(base),
      words: 'cem@example.com signed for ben',
    },
  },
];

/** The subject that was bound is left out, so that nothing but the token can tell whose it is. */
async function withoutSubject(base: Base): Promise<Export> {
  const forged = await signedInAs(base, { certificate: { tokenSubject: '00u-mallory' } });
  const place = base.indexOf('person.bound');
  const { subject: _, ...openings } = entryAt(forged, place).openings;
  return withEntry(forged, place, { openings });
}

/** The entry of a sign-in, where the token is as it should be. */
const ENTRIES: readonly Cheat[] = [
  cheat(
    'a sign-in of another person than the approval',
    { event: (honest) => ({ ...honest, person: personId('dee') }) },
    'sign-in-of-another',
    'The approval is of ben (ben@example.com), its sign-in of dee',
  ),
  cheat(
    'a sign-in that the service itself made',
    { event: (honest) => ({ ...honest, actor: { kind: 'service' } }) },
    'sign-in-of-another',
    'The approval is of ben',
  ),
  cheat(
    'a sign-in that rests on nothing',
    { followsFrom: () => [] },
    'sign-in-unconnected',
    'The sign-in does not name sha256:',
  ),
  cheat(
    'a sign-in that names keys of nobody',
    {
      event: (honest) => ({ ...honest, keys: digestOf('keys') }),
      followsFrom: (honest) => [...honest],
    },
    'sign-in-unconnected',
    'which it rests on',
  ),
  cheat(
    'a sign-in that says it is of another provider than its keys',
    { event: (honest) => ({ ...honest, issuer: 'https://id.evil.example' }) },
    'provider-keys-unknown',
    'names keys of https://id.evil.example that no earlier entry recorded',
  ),
  cheat(
    'a sign-in with the approver’s own key passed off as one with the service’s',
    { of: 'own', event: (honest) => ({ ...honest, mode: 'sso' }) },
    'sign-in-mode',
    'The client breakglass-own-key is for own keys',
  ),
  {
    name: 'a stepped-up approval without its sign-in',
    apply: (base) => rearranged(base, (entries) => entries.toSpliced(signInAt(base), 1)),
    refused: told('sign-in-missing', 'no sign-in stands right behind it'),
  },
  {
    name: 'a stepped-up approval with its sign-in behind the next entry',
    apply: (base) =>
      rearranged(base, (entries) => {
        const [place, signIn] = [signInAt(base), entries[signInAt(base)]];
        if (signIn === undefined) throw new RangeError('no sign-in');
        return entries.toSpliced(place, 1).toSpliced(place + 1, 0, signIn);
      }),
    refused: told('sign-in-missing', 'no sign-in stands right behind it'),
  },
  {
    name: 'the sign-in of another approval',
    apply: (base) =>
      rearranged(base, (entries) => {
        const [one, other] = [entries[signInAt(base)], entries[signInAt(base, 'own')]];
        if (one === undefined || other === undefined) throw new RangeError('no sign-in');
        return entries.with(signInAt(base), other).with(signInAt(base, 'own'), one);
      }),
    refused: told('sign-in-unexpected', 'belongs to no approval right ahead of it'),
  },
  {
    name: 'a sign-in twice',
    apply: (base) =>
      rearranged(base, (entries) => {
        const signIn = entries[signInAt(base)];
        if (signIn === undefined) throw new RangeError('no sign-in');
        const again = entryOf(
          { ...signIn.event, at: signIn.event.at + 1 },
          signInAt(base),
          signIn.followsFrom,
        );
        return entries.toSpliced(signInAt(base) + 1, 0, again);
      }),
    refused: {
      ...told('sign-in-unexpected', 'belongs to no approval right ahead of it'),
      at: (base) => signInAt(base) + 1,
    },
  },
];

/** Sign-ins behind approvals, and the tokens that they rest on. */
export const SIGN_INS: readonly Cheat[] = [...TOKENS, ...CLAIMS, ...ACCOUNTS, ...ENTRIES];
