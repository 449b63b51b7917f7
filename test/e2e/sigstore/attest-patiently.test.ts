import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attestPatiently } from '#sigstore/attest-patiently';
import { SigningRefused } from '#sigstore/signing-errors';
import { createBundleVerifier } from '#sigstore/verify-bundle';
import { STATEMENT, STATEMENT_DIGEST, startWorld } from './signing-world.ts';
import type { World } from './signing-world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const patiently = (identityToken: string) =>
  attestPatiently({ statementBytes: STATEMENT, identityToken, services: world.services });

describe('a statement that nobody waits for', () => {
  test('verifies as one signed within a budget does', async () => {
    const bundle = await patiently(await world.mint());
    const verdict = createBundleVerifier(world.authority.trustedRoot)(bundle, STATEMENT);
    expect(verdict).toMatchObject({
      verified: true,
      identity: { type: 'email', value: 'amy@example.com' },
      tokenSubject: STATEMENT_DIGEST,
    });
  });

  test('fails without its token in what is said, and a token is good once', async () => {
    const token = await world.mint();
    await patiently(token);
    const again = await patiently(token).catch((e: unknown) => e);
    expect(again).toBeInstanceOf(SigningRefused);
    expect(inspect(again, { depth: 9 })).not.toContain(token.split('.')[2]);
    const broken = await patiently('eyJhbGci.x.y').catch((e: unknown) => e);
    expect(broken).toBeInstanceOf(SigningRefused);
    expect(inspect(broken, { depth: 9 })).not.toContain('eyJhbGci');
  });
});
