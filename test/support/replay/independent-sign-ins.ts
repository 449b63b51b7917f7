import { createHash, X509Certificate } from 'node:crypto';
import { compactVerify, createLocalJWKSet, decodeJwt, type JWK } from 'jose';
import type { ExportedEntry } from '#ledger/export/format';

/**
 * What a second reader makes of bindings and sign-ins: written from the design alone, on the raw
 * JSON of statements and bundles, with another library for tokens. Signatures of the log and chains
 * of certificates are not its matter.
 */
export async function independentSignIns(
  entries: readonly ExportedEntry[],
): Promise<readonly string[]> {
  const read = entries.map(readEntry);
  const told = await Promise.all(
    read.map(async (one, place) => faultsOf(one, read.slice(0, place), read[place + 1])),
  );
  return told.flatMap((list, place) => list.map((fault) => `${place} ${fault}`));
}

interface Read {
  readonly digest: string;
  readonly follows: readonly string[];
  readonly event: Readonly<Record<string, unknown>> & { readonly type: string };
  /** Detached values that are shown. */
  readonly shown: Readonly<Record<string, string>>;
  readonly certificate: X509Certificate | null;
}

interface Statement {
  readonly predicate: { readonly event: Read['event']; readonly followsFrom: readonly string[] };
}

interface Bundle {
  readonly verificationMaterial?: { readonly certificate?: { readonly rawBytes: string } };
}

function readEntry({ statement, openings, envelope }: ExportedEntry): Read {
  const { predicate } = JSON.parse(Buffer.from(statement).toString()) as Statement;
  const raw = (envelope as Bundle).verificationMaterial?.certificate?.rawBytes;
  return {
    digest: `sha256:${createHash('sha256').update(statement).digest('hex')}`,
    follows: predicate.followsFrom,
    event: predicate.event,
    shown: Object.fromEntries(
      Object.entries(openings).map(([name, { value }]) => [name, value as string]),
    ),
    certificate: raw === undefined ? null : new X509Certificate(Buffer.from(raw, 'base64')),
  };
}

function faultsOf(
  one: Read,
  before: readonly Read[],
  next: Read | undefined,
): readonly string[] | Promise<readonly string[]> {
  const { type } = one.event;
  if (type === 'person.bound') return boundTwice(one, before);
  if (type === 'person.enrolled') return sharesEmail(one, before) ? ['the address is taken'] : [];
  if (type === 'person.unbound')
    return inForce(before).some((bound) => bound.digest === one.event['binding'])
      ? []
      : ['unbinds what is not bound'];
  if (type === 'sign-in.recorded') return signedIn(one, before);
  const awaits = steppedUp(one) || (type === 'bypass.activated' && steppedUp(before.at(-1)));
  const goesOn = next?.event.type === 'sign-in.recorded' || next?.event.type === 'bypass.activated';
  return awaits && !goesOn ? ['no sign-in behind it'] : [];
}

const steppedUp = (one: Read | undefined): boolean => one?.event['steppedUp'] === true;

/** The bindings that stand: the last of each person, unless it was taken away. */
function inForce(before: readonly Read[]): readonly Read[] {
  const ended = before.map(({ event }) => event['binding']);
  return before.filter(
    ({ event, digest }) => event.type === 'person.bound' && !ended.includes(digest),
  );
}

function boundTwice(one: Read, before: readonly Read[]): readonly string[] {
  const others = before.filter(({ event }) => event.type === 'person.bound').filter(isAnother(one));
  const actor = one.event['actor'] as { readonly person?: string };
  const enrolled = before.find(
    ({ event, shown }) =>
      event.type === 'person.enrolled' && shown['account'] === one.shown['account'],
  );
  const isHeld = others.some(({ shown }) => shown['subject'] === one.shown['subject']);
  return [
    ...(inForce(before).every(isAnother(one)) ? [] : ['bound']),
    ...(isHeld ? ['the account is taken'] : []),
    ...(sharesEmail(one, before) ? ['the address is taken'] : []),
    ...(actor.person === one.event['person'] ? [] : ['not by the person']),
    ...(enrolled?.event['person'] === one.event['person'] ? [] : ['another’s account']),
  ];
}

const isAnother =
  (one: Read) =>
  ({ event }: Read): boolean =>
    event['person'] !== one.event['person'];

/** Another person was enrolled or bound with this address before, whatever became of that. */
function sharesEmail(one: Read, before: readonly Read[]): boolean {
  const email = one.shown['email']?.toLowerCase();
  return before
    .filter(({ event }) => event.type === 'person.bound' || event.type === 'person.enrolled')
    .filter(isAnother(one))
    .some(({ shown }) => email !== undefined && shown['email']?.toLowerCase() === email);
}

async function signedIn(one: Read, before: readonly Read[]): Promise<readonly string[]> {
  const [last, earlier] = [before.at(-1), before.at(-2)];
  const approval = last?.event.type === 'bypass.activated' ? earlier : last;
  const keys = before.find(({ digest }) => digest === one.event['keys']);
  if (approval === undefined || !steppedUp(approval) || approval.digest !== one.event['entry'])
    return ['behind no approval'];
  const approver = approval.event['approver'];
  const binding = inForce(before).find(({ event }) => event['person'] === approver);
  if (binding === undefined || keys === undefined) return ['no binding or no keys'];
  const rests = [approval.digest, binding.digest, keys.digest];
  const actor = one.event['actor'] as { readonly person?: string };
  return [
    ...(rests.every((digest) => one.follows.includes(digest)) ? [] : ['rests on something else']),
    ...(one.event['person'] === approver && actor.person === approver ? [] : ['another person']),
    ...(keys.event['issuer'] === one.event['issuer'] ? [] : ['keys of another']),
    ...(await tokenFaults(one, { approval, binding, keys })),
  ];
}

async function tokenFaults(
  one: Read,
  { approval, binding, keys }: { approval: Read; binding: Read; keys: Read },
): Promise<readonly string[]> {
  const token = one.shown['idToken'] ?? '';
  const jwks = (keys.event['keys'] as readonly string[]).map((key) => JSON.parse(key) as JWK);
  try {
    const algorithms = ['ES256', 'RS256', 'PS256', 'EdDSA'];
    await compactVerify(token, createLocalJWKSet({ keys: jwks }), { algorithms });
  } catch {
    return ['the token is not the provider’s'];
  }
  const claims = decodeJwt(token);
  const audience = [claims.aud ?? []].flat();
  const client = claims['azp'] ?? (audience.length === 1 ? audience[0] : undefined);
  const certified = approval.certificate?.subjectAltName?.replace('email:', '');
  const pressed = Date.parse(String(approval.event['at'])) / 1000;
  const signedInAt = Number(claims['auth_time'] ?? Number.NaN);
  const expected = {
    issuer: claims.iss === one.event['issuer'],
    client: client === one.event['client'],
    nonce: claims['nonce'] === nonceOf(approval),
    subject: claims.sub === (binding.shown['subject'] ?? claims.sub),
    email: claims['email'] === binding.shown['email'] && claims['email'] === certified,
    verified: claims['email_verified'] === true,
    fresh: Math.abs(signedInAt - pressed) <= 660 && signedInAt >= pressed - 60,
  };
  return Object.entries(expected).flatMap(([name, right]) => (right ? [] : [`wrong ${name}`]));
}

/** base64url(SHA-256("breakglass/sign-in/v1" ‖ 0 ‖ statement digest ‖ SPKI)). */
function nonceOf({ digest, certificate }: Read): string {
  const spki = certificate?.publicKey.export({ format: 'der', type: 'spki' }) ?? '';
  return createHash('sha256')
    .update('breakglass/sign-in/v1\0')
    .update(Buffer.from(digest.slice(7), 'hex'))
    .update(spki)
    .digest('base64url');
}
