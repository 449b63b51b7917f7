import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import Provider, { interactionPolicy, type Configuration } from 'oidc-provider';
import { signInPages } from './sign-in-pages.ts';
import { mapTokens, type Claims } from './map-tokens.ts';
import { memoryAdapter } from './memory-adapter.ts';

/** Somebody with an account at the provider. */
export interface ProviderPerson {
  /** What tokens name as `sub`. */
  readonly sub: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string;
}

export interface IdentityProviderOptions {
  readonly people: readonly ProviderPerson[];
  /** Where the web client may be sent back to. */
  readonly redirectUris: readonly string[];
  /** 0 or nothing takes any free port. */
  readonly port?: number;
  /** An audience that every ID token names beside its client, with `azp`; none unless given. */
  readonly audience?: string;
}

/** An OpenID provider on loopback that behaves, and can be made to misbehave. */
export interface IdentityProvider {
  /** Letter by letter what its tokens name as `iss`. */
  readonly issuer: string;
  readonly webClient: { readonly id: string; readonly secret: string };
  /** A public client whose redirects are loopback addresses alone (RFC 8252 §7.3). */
  readonly nativeClient: { readonly id: string };
  readonly people: readonly ProviderPerson[];
  /** Signs with a new key from now on. Unless told to forget, the old ones stay published. */
  rotateKeys(options?: { readonly forget?: boolean }): Promise<void>;
  /** Changes the claims of every ID token before it is signed; `null` leaves them alone again. */
  editTokens(edit: ((claims: Claims) => Claims) | null): void;
  /** Until the given promise settles, it takes requests and answers none. */
  holdUntil(released: Promise<unknown>): void;
  close(): Promise<void>;
}

const WEB_CLIENT = { id: 'breakglass-web', secret: 'a-secret-of-the-local-provider-alone' };
const NATIVE_CLIENT = { id: 'breakglass-own-key' };

/** Starts the provider on 127.0.0.1. */
export async function startIdentityProvider(
  options: IdentityProviderOptions,
): Promise<IdentityProvider> {
  const { people } = options;
  const store = memoryAdapter();
  const state = {
    keys: [await newKey()] as readonly [JWK, ...JWK[]],
    edit: null as ((claims: Claims) => Claims) | null,
    held: Promise.resolve() as Promise<unknown>,
    handle: (_request: IncomingMessage, response: ServerResponse): void => {
      response.writeHead(503).end();
    },
  };
  const server = createServer((request, response) => {
    void state.held.then(() => state.handle(request, response));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const serve = (): void => {
    const provider = new Provider(issuer, configuration(options, store, state.keys));
    const [key] = state.keys;
    mapTokens(provider, key, (claims) => {
      const mapped = withAudience(claims, options.audience);
      return state.edit === null ? mapped : state.edit(mapped);
    });
    state.handle = signInPages(provider, people);
  };
  serve();
  return {
    issuer,
    webClient: WEB_CLIENT,
    nativeClient: NATIVE_CLIENT,
    people,
    async rotateKeys({ forget = false } = {}) {
      const fresh = await newKey();
      state.keys = forget ? [fresh] : [fresh, ...state.keys];
      serve();
    },
    editTokens(edit) {
      state.edit = edit;
    },
    holdUntil(released) {
      state.held = released.catch(() => undefined);
    },
    close: () => stop(server),
  };
}

function withAudience(claims: Claims, audience: string | undefined): Claims {
  if (audience === undefined) return claims;
  return { ...claims, aud: [String(claims['aud']), audience], azp: claims['aud'] };
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, alg: 'ES256', use: 'sig', kid: `key-${String(jwk.x).slice(0, 8)}` };
}

function configuration(
  { people, redirectUris }: IdentityProviderOptions,
  adapter: ReturnType<typeof memoryAdapter>,
  keys: readonly JWK[],
): Configuration {
  const client = {
    grant_types: ['authorization_code'],
    response_types: ['code' as const],
    id_token_signed_response_alg: 'ES256' as const,
  };
  return {
    adapter,
    clients: [
      {
        ...client,
        client_id: WEB_CLIENT.id,
        client_secret: WEB_CLIENT.secret,
        token_endpoint_auth_method: 'client_secret_post',
        redirect_uris: [...redirectUris],
      },
      {
        ...client,
        client_id: NATIVE_CLIENT.id,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: ['http://127.0.0.1/callback'],
      },
    ],
    jwks: { keys: [...keys] as NonNullable<Configuration['jwks']>['keys'] },
    cookies: { keys: ['a key of the local provider alone'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/sign-in/${uid}`, policy: signInOnce() },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    // The claims of `email` belong into the ID token, as nearly every provider has them.
    conformIdTokenClaims: false,
    ttl: { Interaction: 3600, Grant: 3600, Session: 3600, AccessToken: 600, IdToken: 600 },
    pkce: { required: () => true },
    findAccount: (_context, sub) => accountOf(people, sub),
    // Nobody is asked for consent: the company owns both clients.
    loadExistingGrant: async (context) => {
      const { client: asking, session, provider } = context.oidc;
      if (asking === undefined || session?.accountId === undefined) return undefined;
      const grant = new provider.Grant({
        clientId: asking.clientId,
        accountId: session.accountId,
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
  };
}

/** As most companies set theirs up: no page more for programs on people's own machines. */
function signInOnce(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.get('consent')?.checks.remove('native_client_prompt');
  return policy;
}

function accountOf(people: readonly ProviderPerson[], sub: string) {
  const person = people.find((one) => one.sub === sub);
  if (person === undefined) return undefined;
  const { email, emailVerified, name } = person;
  return {
    accountId: sub,
    claims: () => ({ sub, email, email_verified: emailVerified, name }),
  };
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}
