import { createHash } from 'node:crypto';
import { decideLinks } from '#application/links/decide-links';
import { linkTo } from '#application/links/page-links';
import type { DecideLinks, LinkChoice, LinkRefusal } from '#application/ports/decide-links';
import type { VerifiedSignIn } from '#application/ports/sign-in';
import type { BypassId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { User } from './policy-document.ts';
import type { Replica } from './replica.ts';
import { accountOf, PROVIDER } from './test-provider.ts';
import type { TestTenant } from './test-tenant.ts';

export const BROWSER = createHash('sha256').update('a cookie').digest('hex');
export const isOwner = (browser: string): boolean => browser === BROWSER;
export const SECRET = Buffer.from('a PKCE verifier and a nonce');

/** A browser with the pages behind it, without HTTP: follows a link, signs in, decides. */
export class LinkEdge {
  readonly links: DecideLinks;
  readonly #ports: Replica['ports'];

  constructor({ ports }: Pick<Replica, 'ports'>) {
    this.#ports = ports;
    this.links = decideLinks(ports);
  }

  /** As it stands in each page about the request. */
  async linkOf(tenant: TestTenant, bypass: BypassId): Promise<string> {
    const link = await linkTo(this.#ports, tenant.id, bypass);
    if (link === null) throw new RangeError('the request has no link');
    return link;
  }

  /** From the link to the page that the provider sends back to; gives the handle of then. */
  async comeIn(tenant: TestTenant, bypass: BypassId, user: User): Promise<string | LinkRefusal> {
    const back = await this.back(tenant, bypass);
    const now = await this.#ports.store.read(tenant.id, (tx) => tx.now());
    const known = await this.links.identify(back, signInOf(user, now));
    return 'refused' in known ? known : back;
  }

  /** The same for a person who must come in. */
  async handleOf(tenant: TestTenant, bypass: BypassId, user: User): Promise<string> {
    const handle = await this.comeIn(tenant, bypass, user);
    if (typeof handle !== 'string') throw new RangeError(`refused: ${handle.code}`);
    return handle;
  }

  /** Back from the provider, and not known yet. */
  async back(tenant: TestTenant, bypass: BypassId): Promise<string> {
    const link = await this.linkOf(tenant, bypass);
    const begun = await this.links.begin(link, BROWSER, SECRET);
    const back = 'refused' in begun ? begun : await this.links.comeBack(begun.handle, isOwner);
    if ('refused' in back) throw new RangeError(`refused: ${back.code}`);
    return back.handle;
  }

  where(handle: string) {
    return this.links.where(handle, isOwner);
  }

  /** Sends the form, and waits until it is judged. */
  async choose(tenant: TestTenant, handle: string, choice: LinkChoice) {
    const stored = await this.links.choose(handle, isOwner, choice);
    await tenant.settled();
    return 'refused' in stored ? stored : this.where(handle);
  }

  /** The link of the sign-in that signs the approval which was chosen. */
  async signing(tenant: TestTenant, bypass: BypassId, user: User, ttlMs: number): Promise<string> {
    const handle = await this.handleOf(tenant, bypass, user);
    const found = await this.choose(tenant, handle, { kind: 'approve', ttlMs });
    if ('refused' in found || found.at !== 'signing') throw new RangeError(JSON.stringify(found));
    return found.link;
  }
}

/** A sign-in of just now, as it is after it was verified. */
export function signInOf(user: User, now: Instant): VerifiedSignIn {
  const { subject, email } = accountOf(`${user}@acme.example`.toLowerCase());
  return {
    issuer: PROVIDER,
    subject,
    email,
    emailVerified: true,
    nonce: 'nonce',
    client: 'breakglass',
    issuedAt: now,
    authenticatedAt: now,
  };
}
