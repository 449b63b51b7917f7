import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose';

/** How the issuer answers: as it should, with an error, or not at all. */
type Mood = 'well' | 'broken' | 'silent';

export interface CiIssuer extends AsyncDisposable {
  readonly issuer: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
  /** How often its keys or its metadata were asked for. */
  readonly asked: () => number;
  is(mood: Mood): void;
  /** Publishes another key from now on, and signs with it. */
  rotate(): Promise<void>;
  /** A token as a CI system makes it: five minutes from `now`, changed by `has`. */
  token(
    claims: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
}

/** An issuer of CI jobs' tokens on loopback, with discovery and keys as OpenID Connect has them. */
export async function ciIssuer(alg: 'RS256' | 'ES256' = 'RS256'): Promise<CiIssuer> {
  let mood: Mood = 'well';
  let asked = 0;
  let made = 0;
  let key = await newKey();
  const server = createServer((request, response) => {
    asked += 1;
    if (mood === 'silent') return;
    const found = mood === 'well' ? documents()[request.url ?? ''] : undefined;
    response.writeHead(found === undefined ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(found ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const documents = (): Readonly<Record<string, unknown>> => ({
    '/.well-known/openid-configuration': { issuer, jwks_uri: `${issuer}/jwks` },
    '/jwks': { keys: [key.publicJwk] },
  });

  async function newKey() {
    const pair = await generateKeyPair(alg, { extractable: true });
    made += 1;
    const kid = `key-${made}`;
    return { ...pair, publicJwk: { ...(await exportJWK(pair.publicKey)), kid, alg, use: 'sig' } };
  }

  return {
    issuer,
    get privateKey() {
      return key.privateKey;
    },
    get publicJwk() {
      return key.publicJwk;
    },
    asked: () => asked,
    is: (next) => void (mood = next),
    async rotate() {
      key = await newKey();
    },
    token: (claims, header = {}) =>
      new SignJWT({ iss: issuer, ...claims })
        .setProtectedHeader({ alg, kid: key.publicJwk.kid, ...header })
        .sign(key.privateKey),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
