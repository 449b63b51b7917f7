import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { startEmbeddedAuthority } from '#sigstore/embedded/authority';
import { generateIssuerKey } from '#sigstore/issuer';
import {
  listen,
  servicesOf,
  startIssuer,
  startWorld,
  STATEMENT_DIGEST,
  stop,
  trusted,
} from './signing-world.ts';
import type { World } from './signing-world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

interface Answer {
  readonly status: number;
  readonly code: unknown;
  readonly message: string;
}

describe('a good token', () => {
  test('gets a certificate', async () => {
    expect(await ask(await world.mint())).toMatchObject({ status: 200 });
  });

  test('gets one once: the second time it is refused', async () => {
    const token = await world.mint();
    expect(await ask(token)).toMatchObject({ status: 200 });
    expect(await ask(token)).toMatchObject(refusal('already-used'));
  });

  test('gets one once, even when asked twice at the same moment', async () => {
    const token = await world.mint();
    const answers = await Promise.all([ask(token), ask(token), ask(token)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 400)).toHaveLength(2);
  });

  test('has an id that no other token may have', async () => {
    expect(await ask(await world.mint({ jti: 'same' }))).toMatchObject({ status: 200 });
    const again = await world.mint({ jti: 'same', sub: 'sha256:other' });
    expect(await ask(again)).toMatchObject(refusal('already-used'));
  });

  test('stays good when the request was refused for its key', async () => {
    const token = await world.mint();
    expect((await ask(token, { challenge: 'eve@example.com' })).status).toBe(400);
    expect(await ask(token)).toMatchObject({ status: 200 });
  });
});

describe('a token is refused', () => {
  test('for another audience', async () => {
    const token = await world.mint({ audience: 'other' });
    expect(await ask(token)).toMatchObject(refusal('wrong-audience'));
  });

  test('when it has expired', async () => {
    const token = await world.mint({ now: new Date(Date.now() - 120_000) });
    expect(await ask(token)).toMatchObject(refusal('expired'));
  });

  test('before its time', async () => {
    const token = await world.mint({ now: new Date(Date.now() + 3_600_000) });
    expect(await ask(token)).toMatchObject(refusal('not-yet-valid'));
  });

  test('with an address that is not verified', async () => {
    const token = await crafted({ email: 'amy@example.com', email_verified: false });
    expect(await ask(token)).toMatchObject(refusal('email-not-verified'));
    const text = await crafted({ email: 'amy@example.com', email_verified: 'true' });
    expect(await ask(text)).toMatchObject(refusal('email-not-verified'));
  });

  test.each(['', 'amy', 'amy@ex ample.com', 'ámy@example.com', 'a@b@c', '@example.com'])(
    'with «%s» for an address',
    async (email) => {
      const token = await crafted({ email, email_verified: true });
      expect(await ask(token)).toMatchObject(refusal('email-missing'));
    },
  );

  test('without a subject', async () => {
    const token = await crafted({ email: 'amy@example.com', email_verified: true, sub: '' });
    expect(await ask(token)).toMatchObject(refusal('no-subject'));
  });

  test('from an issuer that is not on the list, without asking it', async () => {
    await using stranger = await startIssuer();
    const token = await stranger.issuer.mintToken(claimsNow());
    expect(await ask(token)).toMatchObject(refusal('issuer-not-trusted'));
  });

  test('when it names a listed issuer but was signed with another key', async () => {
    const key = await generateIssuerKey();
    const token = await crafted({ email: 'amy@example.com', email_verified: true }, key);
    expect(await ask(token)).toMatchObject(refusal('signature-invalid'));
    const sameKid = { ...key, kid: world.key.kid };
    const claimed = await crafted({ email: 'amy@example.com', email_verified: true }, sameKid);
    expect(await ask(claimed)).toMatchObject(refusal('signature-invalid'));
  });

  test('without a signature, or with one made from the public key', async () => {
    const none = new UnsecuredJWT({ ...claimsNow(), iss: world.issuer.issuerUrl }).encode();
    expect((await ask(none)).status).toBe(400);
    const secret = Buffer.from(`${world.key.x}${world.key.y}${world.key.x}`);
    const hmac = await new SignJWT({ email: 'amy@example.com', email_verified: true })
      .setProtectedHeader({ alg: 'HS256', kid: world.key.kid })
      .setIssuer(world.issuer.issuerUrl)
      .sign(secret);
    expect(await ask(hmac)).toMatchObject(refusal('algorithm-not-allowed'));
  });

  test.each(['', 'x', 'a.b.c', 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA'])(
    'when it is no token: «%s»',
    async (token) => {
      expect((await ask(token, { challenge: 'x' })).status).toBe(400);
    },
  );
});

describe('proof of possession', () => {
  test('over another name is refused', async () => {
    const answer = await ask(await world.mint(), { challenge: 'eve@example.com' });
    expect(answer).toMatchObject({ status: 400, code: 3 });
    expect(answer.message).toBe('The signature supplied in the request could not be verified');
  });

  test('with another key is refused', async () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const content = publicKey.export({ format: 'pem', type: 'spki' }).toString();
    expect((await ask(await world.mint(), { content })).status).toBe(400);
  });

  test('of a key on another curve is refused', async () => {
    const answer = await ask(await world.mint(), { curve: 'P-384' });
    expect(answer.message).toBe('The public key supplied in the request is insecure');
  });

  test('of something that is no public key is refused', async () => {
    const answer = await ask(await world.mint(), { content: 'hello' });
    expect(answer.message).toBe('The public key supplied in the request could not be parsed');
  });
});

test('an issuer that does not answer is a passing fault, not a refusal', async () => {
  const gone = await startIssuer();
  const token = await gone.issuer.mintToken(claimsNow());
  await gone[Symbol.asyncDispose]();
  const folder = `${world.folder}/second`;
  const issuers = [trusted(gone.issuer.issuerUrl)];
  const authority = await startEmbeddedAuthority({ folder, issuers });
  const answer = await ask(token, { fulcioUrl: servicesOf(authority).fulcioUrl });
  await authority.close();
  expect(answer).toMatchObject({ status: 503, code: 14 });
});

test('a discovery document that speaks for another issuer gives no keys', async () => {
  const algorithms = { id_token_signing_alg_values_supported: ['ES256'] };
  // The listed address answers with the document of an issuer elsewhere, keys and all.
  const server = createServer((_request, response) => {
    response.end(
      JSON.stringify({ issuer: world.issuer.issuerUrl, jwks_uri: keysOfWorld(), ...algorithms }),
    );
  });
  const listed = await listen(server);
  const folder = `${world.folder}/third`;
  const authority = await startEmbeddedAuthority({ folder, issuers: [trusted(listed)] });
  const claims = { email: 'amy@example.com', email_verified: true, iss: listed };
  const answer = await ask(await crafted(claims), { fulcioUrl: authority.url });
  await authority.close();
  await stop(server);
  expect(answer).toMatchObject({ status: 503, code: 14 });
});

test('no answer ever repeats the token', async () => {
  const token = await world.mint({ audience: 'other' });
  const { message } = await ask(token);
  for (const part of token.split('.')) expect(message).not.toContain(part);
});

function keysOfWorld(): string {
  return `${world.issuer.issuerUrl}/.well-known/jwks.json`;
}

function refusal(reason: string): Answer {
  const message = `There was an error processing the identity token: ${reason}`;
  return { status: 400, code: 3, message };
}

function claimsNow(): { sub: string; email: string; now: Date; jti: string } {
  return { sub: STATEMENT_DIGEST, email: 'amy@example.com', now: new Date(), jti: randomUUID() };
}

async function crafted(claims: Record<string, unknown>, key = world.key): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const { issuerUrl: iss } = world.issuer;
  const jti = randomUUID();
  const base = { iss, aud: 'sigstore', sub: STATEMENT_DIGEST, exp: now + 60, jti };
  return await new SignJWT({ ...base, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid })
    .sign(await importJWK({ ...key }, 'ES256'));
}

async function ask(
  token: string,
  options: { challenge?: string; content?: string; curve?: string; fulcioUrl?: string } = {},
): Promise<Answer> {
  const { challenge = 'amy@example.com', curve = 'P-256' } = options;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
  const content = options.content ?? publicKey.export({ format: 'pem', type: 'spki' }).toString();
  const proofOfPossession = sign('sha256', Buffer.from(challenge), privateKey).toString('base64');
  const url = `${options.fulcioUrl ?? world.services.fulcioUrl}/api/v2/signingCert`;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      credentials: { oidcIdentityToken: token },
      publicKeyRequest: { publicKey: { algorithm: 'ECDSA', content }, proofOfPossession },
    }),
  });
  const body: unknown = await response.json();
  const said = new Map(Object.entries(Object(body)));
  const message = said.get('message');
  return {
    status: response.status,
    code: said.get('code'),
    message: typeof message === 'string' ? message : '',
  };
}
