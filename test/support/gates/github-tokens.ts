import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';

export interface GithubTokens extends AsyncDisposable {
  /** What the runner gives to a job with `id-token: write`. */
  readonly env: {
    readonly ACTIONS_ID_TOKEN_REQUEST_URL: string;
    readonly ACTIONS_ID_TOKEN_REQUEST_TOKEN: string;
  };
  readonly issuer: string;
  /** What tokens say from now on, in place of what they said. */
  says(claims: Readonly<Record<string, string>>): void;
  /** How many tokens were made. */
  readonly made: number;
  /** The claims of a token that was made here for this audience. @throws for any other. */
  claims(token: string, audience: string): Promise<Readonly<Record<string, unknown>>>;
}

const REQUEST_TOKEN = 'request-token-of-this-job';
const LIFE_S = 300;

/**
 * A token endpoint as GitHub Actions has it: asked with the job's request token and an audience, it
 * gives `{count, value}` with an RS256 token of five minutes, whose claims say which repository asks.
 * Its keys are published as OpenID Connect Discovery has it.
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export async function startGithubTokens(
  claims: Readonly<Record<string, string>> = {},
): Promise<GithubTokens> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'github', alg: 'RS256' }] };
  const keys = createLocalJWKSet(jwks);
  let said = claims;
  let made = 0;
  let issuer = '';
  const mint = async (audience: string): Promise<string> => {
    made += 1;
    return new SignJWT({ ...OF_A_RUN, ...said })
      .setProtectedHeader({ alg: 'RS256', kid: 'github', typ: 'JWT' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime(`${LIFE_S}s`)
      .sign(privateKey);
  };
  const metadata = () => ({ issuer, jwks_uri: `${issuer}/jwks` });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', issuer);
    const published = { '/.well-known/openid-configuration': metadata(), '/jwks': jwks };
    const document = Object.entries(published).find(([path]) => path === url.pathname)?.[1];
    if (document !== undefined) {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(document));
      return;
    }
    const audience = url.searchParams.get('audience');
    if (request.headers.authorization !== `Bearer ${REQUEST_TOKEN}` || audience === null) {
      response.writeHead(401).end('{"message":"unauthorised"}');
      return;
    }
    void mint(audience).then((value) => response.end(JSON.stringify({ count: 1, value })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${issuer}/idtoken?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
    },
    issuer,
    says(next) {
      said = { ...claims, ...next };
    },
    get made() {
      return made;
    },
    async claims(token, audience) {
      return (await jwtVerify(token, keys, { issuer, audience, algorithms: ['RS256'] })).payload;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const OF_A_RUN = {
  sub: 'repo:acme/checkout:environment:production',
  repository: 'acme/checkout',
  repository_id: '123',
  repository_owner: 'acme',
  repository_owner_id: '9',
  environment: 'production',
  ref: 'refs/heads/main',
  ref_type: 'branch',
  sha: '4f0c2d9e4f0c2d9e4f0c2d9e4f0c2d9e4f0c2d9e',
  run_id: '77',
  run_attempt: '2',
  actor: 'octocat',
  event_name: 'workflow_dispatch',
  job_workflow_ref: 'acme/checkout/.github/workflows/deploy.yml@refs/heads/main',
};
