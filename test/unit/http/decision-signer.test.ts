import { beforeAll, describe, expect, it } from 'vitest';
import { decodeJwt, decodeProtectedHeader, SignJWT, importJWK } from 'jose';
import type { DecisionClaims } from '#application/decision/answer';
import {
  DecisionKeyInvalid,
  generateDecisionKey,
  type DecisionJwk,
  type DecisionKeyPair,
} from '#http/decision-key';
import { createDecisionSigner } from '#http/decision-signer';
import { verifyDecision } from '#http/verify-decision';

const IAT = 1_795_000_000;
const claims: DecisionClaims = {
  aud: 'image-policy',
  jti: 'd-1',
  nonce: 'n-0123456789',
  decision: 'bypass',
  deploy: 'run-7',
  entry: 'sha256:aa',
  commit: null,
  artifact: 'sha256:bb',
  inFlight: 'cancel',
  iat: IAT,
  exp: IAT + 30,
};
const expected = {
  aud: 'image-policy',
  nonce: 'n-0123456789',
  deploy: 'run-7',
  now: (IAT + 5) * 1_000,
};
const issuer = 'https://breakglass.example';

const signerOf = (of: DecisionKeyPair) => createDecisionSigner({ keys: () => [of], issuer });

let key: { privateJwk: DecisionJwk; keyId: string };
let signer: ReturnType<typeof createDecisionSigner>;
beforeAll(async () => {
  key = await generateDecisionKey();
  signer = createDecisionSigner({ keys: () => [key], issuer });
});

it('a signed decision says who signed what, and verifies', async () => {
  const jws = await signer.sign(claims);
  expect(decodeProtectedHeader(jws)).toEqual({
    alg: 'EdDSA',
    kid: key.keyId,
    typ: 'breakglass-decision+jwt',
  });
  expect(decodeJwt(jws)).toEqual({ ...claims, iss: issuer });
  expect(await verifyDecision(jws, signer.jwks(), { ...expected, issuer })).toEqual({
    ok: true,
    decision: { ...claims, iss: issuer },
  });
});

it('only the public half is published', () => {
  expect(signer.jwks().keys).toEqual([
    { kty: 'OKP', crv: 'Ed25519', x: key.privateJwk.x, kid: key.keyId, alg: 'EdDSA', use: 'sig' },
  ]);
  expect(JSON.stringify(signer.jwks())).not.toContain(key.privateJwk.d);
});

it('an earlier key stays published, so that what it signed still verifies', async () => {
  const jws = await signer.sign(claims);
  const newer = await generateDecisionKey();
  const next = createDecisionSigner({ keys: () => [newer, key], issuer });
  expect(next.jwks().keys).toHaveLength(2);
  expect((await verifyDecision(jws, next.jwks(), expected)).ok).toBe(true);
});

describe('a decision is refused', () => {
  const refusal = async (
    jws: string,
    change: Partial<typeof expected & { issuer: string }> = {},
  ) => {
    const result = await verifyDecision(jws, signer.jwks(), { ...expected, ...change });
    return result.ok ? null : result.refusal;
  };

  it('for another gate, question, deploy or issuer, and once it expired', async () => {
    const jws = await signer.sign(claims);
    expect(await refusal(jws)).toBeNull();
    expect(await refusal(jws, { aud: 'other' })).toBe('wrong-gate');
    expect(await refusal(jws, { nonce: 'n-other-one' })).toBe('wrong-nonce');
    expect(await refusal(jws, { deploy: 'run-8' })).toBe('wrong-deploy');
    expect(await refusal(jws, { issuer: 'https://elsewhere.example' })).toBe('wrong-issuer');
    expect(await refusal(jws, { now: (IAT + 30) * 1_000 - 1 })).toBeNull();
    expect(await refusal(jws, { now: (IAT + 30) * 1_000 })).toBe('expired');
  });

  it('when its text was changed', async () => {
    const [header, , signature] = (await signer.sign(claims)).split('.');
    const forged = Buffer.from(JSON.stringify({ ...claims, iss: issuer, deploy: 'run-7' }));
    expect(await refusal(`${header}.${forged.toString('base64url')}x.${signature}`)).toBe(
      'bad-signature',
    );
  });

  it('when a key that is not published signed it', async () => {
    const stranger = signerOf(await generateDecisionKey());
    expect(await refusal(await stranger.sign(claims))).toBe('unknown-key');
  });

  it('when a stranger used the name of our key', async () => {
    const { privateJwk } = await generateDecisionKey();
    const stranger = signerOf({ privateJwk, keyId: key.keyId });
    expect(await refusal(await stranger.sign(claims))).toBe('bad-signature');
  });

  it('when our key signed something else', async () => {
    const privateKey = await importJWK(key.privateJwk, 'EdDSA');
    const sign = (typ: string, body: Record<string, unknown>) =>
      new SignJWT(body).setProtectedHeader({ alg: 'EdDSA', kid: key.keyId, typ }).sign(privateKey);
    expect(await refusal(await sign('JWT', { ...claims, iss: issuer }))).toBe('wrong-type');
    expect(await refusal(await sign('breakglass-decision+jwt', { aud: 'image-policy' }))).toBe(
      'malformed',
    );
  });

  it('when it is unsigned, signed with the public key as a secret, or no JWS at all', async () => {
    const body = Buffer.from(JSON.stringify({ ...claims, iss: issuer })).toString('base64url');
    const header = (members: object) =>
      Buffer.from(JSON.stringify({ typ: 'breakglass-decision+jwt', ...members })).toString(
        'base64url',
      );
    const hmac = await new SignJWT({ ...claims, iss: issuer })
      .setProtectedHeader({ alg: 'HS256', kid: key.keyId, typ: 'breakglass-decision+jwt' })
      .sign(Buffer.from(key.privateJwk.x, 'base64url'));
    expect(await refusal(`${header({ alg: 'none', kid: key.keyId })}.${body}.`)).not.toBeNull();
    expect(await refusal(hmac)).not.toBeNull();
    for (const text of ['', '..', 'a.b.c', '{}', 'x'.repeat(10_000)]) {
      expect(await refusal(text)).toBe('malformed');
    }
  });
});

it('a key that does not fit is refused without being shown', async () => {
  const other = await generateDecisionKey();
  const unfit = [
    {},
    { ...key.privateJwk, crv: 'X25519' },
    { ...key.privateJwk, d: 'AAAA' },
    { ...key.privateJwk, x: other.privateJwk.x },
  ];
  for (const privateJwk of unfit) {
    let thrown: unknown;
    try {
      signerOf({ privateJwk: privateJwk as DecisionJwk, keyId: 'k' });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(DecisionKeyInvalid);
    expect(JSON.stringify(thrown) + String(thrown)).not.toContain(key.privateJwk.d);
  }
});
