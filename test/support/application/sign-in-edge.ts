import { generateKeyPairSync } from 'node:crypto';
import type { Ports } from '#application/ports/ports';
import type { SignInNote } from '#application/ports/surface';
import type {
  Completed,
  HandedIn,
  PreparedApproval,
  SignIns,
  SignInSetting,
} from '#application/ports/sign-in';
import type { SignInRefusal } from '#application/ports/sign-in-refusal';
import { signIns } from '#application/sign-in/sign-ins';
import type { JsonValue } from '#ledger/canonical-json';
import type { Digest } from '#ledger/digest';
import { signInNonce } from '#ledger/sign-in-nonce';
import { testBundle, testChecks } from '#test/support/replay/sealed-log';
import type { User } from './policy-document.ts';
import { accountOf, PROVIDER, type ProviderAccount, type TestProvider } from './test-provider.ts';
import type { TestTenant } from './test-tenant.ts';

const SSO_CLIENT = 'breakglass';
export const OWN_KEY_CLIENT = 'breakglass-own-key';
const LINK_BASE = 'https://breakglass.example/sign-in/';

/** A provider as it is configured, and bundles as the test's own authority signs them. */
export const SIGN_IN: SignInSetting = {
  provider: {
    issuer: PROVIDER,
    ssoClient: SSO_CLIENT,
    ownKeyClient: OWN_KEY_CLIENT,
    linkBase: LINK_BASE,
  },
  cosigned: null,
  bundles: {
    read(bundle, statement) {
      const verdict = testChecks.verifyBundle(bundle, statement);
      if (!verdict.ok || verdict.tokenSubject === null) return null;
      const { identity: email, issuer, tokenSubject: subject, publicKey: spki } = verdict;
      return { email, issuer, subject, spki };
    },
  },
};

export interface SignInChoices {
  readonly account?: ProviderAccount;
  readonly client?: string;
  readonly nonce?: string;
  /** How long before the press the person signed in. */
  readonly staleMs?: number;
  readonly emailVerified?: boolean;
  /** What the certificate says instead of what the token says. */
  readonly certified?: ProviderAccount;
  /** The bundle has a member that no reader of an export knows. */
  readonly spelled?: boolean;
  /** A statement that is signed instead of the prepared one. */
  readonly statement?: Uint8Array;
}

/** A browser with the pages behind it, without HTTP: signs in, binds, signs and hands in. */
export class SignInEdge {
  readonly signIns: SignIns;
  readonly #provider: TestProvider;

  constructor({ ports }: { readonly ports: Ports }, provider: TestProvider) {
    this.signIns = signIns(ports);
    this.#provider = provider;
  }

  /** What a link leads to. */
  async shown(link: string): Promise<PreparedApproval> {
    const shown = await this.signIns.show(link);
    if ('refused' in shown) throw new RangeError(`the link is refused: ${shown.code}`);
    return shown;
  }

  /** Records the provider's keys as they are now. */
  async relyOn(link: string): Promise<Digest> {
    const relied = await this.signIns.relyOn(link, this.#provider.jwks());
    if ('refused' in relied) throw new RangeError(`the keys are refused: ${relied.code}`);
    return relied.entry;
  }

  /** Binds the approver's own account, or another. */
  async bind(link: string, choices: SignInChoices = {}) {
    const { signIn } = this.handIn(await this.shown(link), 'sha256:' as Digest, choices);
    return this.signIns.bind(link, signIn);
  }

  /** Everything from the link to the approval. */
  async complete(link: string, choices: SignInChoices = {}): Promise<Completed | SignInRefusal> {
    const prepared = await this.signIns.show(link);
    if ('refused' in prepared) return prepared;
    const keys = await this.relyOn(link);
    return this.signIns.complete(link, this.handIn(prepared, keys, choices));
  }

  /** What is handed in after a sign-in, one second after the press. */
  handIn(prepared: PreparedApproval, keys: Digest, choices: SignInChoices = {}): HandedIn {
    const { digest, approver, pressedAt, statement } = prepared;
    const account = choices.account ?? accountOf(approver.mustBeEmail ?? 'nobody@acme.example');
    const spki = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
      format: 'der',
      type: 'spki',
    });
    const nonce = choices.nonce ?? signInNonce(digest, spki);
    const client = choices.client ?? SSO_CLIENT;
    const issued = Math.floor(pressedAt / 1_000) + 1;
    const authenticated = issued - Math.floor((choices.staleMs ?? 0) / 1_000);
    const emailVerified = choices.emailVerified ?? true;
    const idToken = this.#provider.token({
      iss: PROVIDER,
      sub: account.subject,
      aud: client,
      email: account.email,
      email_verified: emailVerified,
      nonce,
      iat: issued,
      exp: issued + 300,
      auth_time: authenticated,
    });
    const certified = choices.certified ?? account;
    const bundle = testBundle(choices.statement ?? statement, {
      identity: certified.email,
      issuer: PROVIDER,
      tokenSubject: certified.subject,
      spki: spki.toString('base64'),
    }) as { readonly dsseEnvelope: { readonly [member: string]: JsonValue } };
    const { dsseEnvelope } = bundle;
    const spelled = { ...bundle, dsseEnvelope: { ...dsseEnvelope, note: 'unknown' } };
    return {
      bundle: choices.spelled === true ? spelled : { ...bundle },
      idToken,
      signIn: {
        issuer: PROVIDER,
        subject: account.subject,
        email: account.email,
        emailVerified,
        nonce,
        client,
        issuedAt: issued * 1_000,
        authenticatedAt: authenticated * 1_000,
      },
      keys,
    };
  }
}

/** The newest link that a person was sent. */
export function linkTo(tenant: TestTenant, user: User): string {
  const notes = tenant.notes(user).filter((one): one is SignInNote => one.kind === 'sign-in');
  const note = notes.at(-1);
  if (note === undefined) throw new RangeError(`${user} was sent no link`);
  return linkIn(note);
}

/** The link of a note, without the address before it. */
export function linkIn({ link }: SignInNote): string {
  return link.slice(LINK_BASE.length);
}
