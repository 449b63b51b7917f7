import { SIGN_IN_MAX_MS } from '#domain/sign-in';
import { refuseLink, type DecideLinks, type LinkRefusal } from '../ports/decide-links.ts';
import type { ProviderSetting, VerifiedSignIn } from '../ports/sign-in.ts';
import { modeOf, refusedAccount } from '../sign-in/judge-sign-in.ts';
import { noteSignIn } from '../sign-in/note-sign-in.ts';
import { newSecretText } from '../sign-in/secret-text.ts';
import type { DecidePorts } from './decide-ports.ts';
import { findAttempt, findLink } from './find-link.ts';
import { attemptHash, SEALED_FOR } from './link-secrets.ts';
import { linkTo } from './page-links.ts';

type Come = Pick<DecideLinks, 'begin' | 'comeBack' | 'identify'>;

/** From a link to a person: a sign-in that is bound to the browser that began it. */
export const comeByLink = (ports: DecidePorts): Come => ({
  begin: (link, browser, secret) => begin(ports, link, browser, secret),
  comeBack: (handle, isOwner) => comeBack(ports, handle, isOwner),
  identify: (handle, signIn) => identify(ports, handle, signIn),
});

async function begin(
  ports: DecidePorts,
  link: string,
  browser: string,
  secret: Uint8Array,
): Promise<{ readonly handle: string } | LinkRefusal> {
  if (ports.signIn === null) return refuseLink({ code: 'provider-not-set' });
  const found = await findLink(ports, link);
  if ('refused' in found) return found;
  const { tenant, bypass } = found;
  const [seal, now] = [
    await ports.seals.of(tenant),
    await ports.store.read(tenant, (tx) => tx.now()),
  ];
  const [id, handle] = [ports.newId(), newSecretText(ports.newSalt)];
  await ports.pageLinkStore.begin(tenant, {
    id,
    bypass,
    hash: attemptHash(handle),
    browser: Buffer.from(browser, 'hex'),
    sealed: seal.seal(SEALED_FOR.attempt(id), secret),
    expiresAt: now + SIGN_IN_MAX_MS,
  });
  return { handle };
}

async function comeBack(
  ports: DecidePorts,
  handle: string,
  isOwner: (browser: string) => boolean,
): ReturnType<DecideLinks['comeBack']> {
  const found = await findAttempt(ports, handle, isOwner);
  if ('refused' in found) return found;
  const { tenant, row, hash } = found;
  const link = await linkTo(ports, tenant, row.bypass);
  if (link === null || row.sealed === null) return refuseLink({ code: 'attempt-over' });
  const now = await ports.store.read(tenant, (tx) => tx.now());
  if (now >= row.expiresAt) return refuseLink({ code: 'too-late', link });
  const seal = await ports.seals.of(tenant);
  const secret = seal.open(SEALED_FOR.attempt(row.id), row.sealed);
  const next = newSecretText(ports.newSalt);
  // Once: an answer of the provider that is replayed finds nothing, at whatever replica.
  if (!(await ports.pageLinkStore.comeBack(tenant, row.id, hash, attemptHash(next))))
    return refuseLink({ code: 'attempt-over' });
  return { handle: next, link, secret };
}

async function identify(
  ports: DecidePorts,
  handle: string,
  signIn: VerifiedSignIn,
): ReturnType<DecideLinks['identify']> {
  if (ports.signIn === null) return refuseLink({ code: 'provider-not-set' });
  // Whoever comes from the provider was let in by `comeBack` a moment ago.
  const found = await findAttempt(ports, handle, () => true);
  if ('refused' in found) return found;
  if (isUnfit(signIn, ports.signIn.provider)) return refuseLink({ code: 'token-unfit' });
  const { tenant, row } = found;
  const known = await ports.store.read(tenant, async (tx) => {
    const person = await tx.accountHolder(signIn.issuer, signIn.subject);
    const binding = person === null ? null : await tx.bindingOf(person);
    return { person, binding, now: await tx.now() };
  });
  const { person, binding, now } = known;
  // To bind an account here would let anybody who was forwarded a page become somebody.
  if (person === null || binding === null || refusedAccount(signIn, binding) !== null)
    return refuseLink({ code: 'not-bound' });
  await noteSignIn(ports, tenant, binding, signIn);
  await ports.pageLinkStore.identified(tenant, row.id, person, now + SIGN_IN_MAX_MS);
  return { identified: true };
}

/** Freshness and nonce were judged against what was kept. */
const isUnfit = (signIn: VerifiedSignIn, provider: ProviderSetting): boolean =>
  signIn.issuer !== provider.issuer ||
  modeOf(signIn, provider) !== 'sso' ||
  !signIn.emailVerified ||
  signIn.authenticatedAt === null;
