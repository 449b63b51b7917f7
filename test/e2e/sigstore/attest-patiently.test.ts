import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attestPatiently, NotAttested } from '#sigstore/attest-patiently';
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

describe("a statement signed by Sigstore's own client", () => {
  test('verifies as one signed within a budget does', async () => {
    const bundle = await attestPatiently(STATEMENT, await world.mint(), world.services);
    const verdict = createBundleVerifier(world.authority.trustedRoot)(bundle, STATEMENT);
    expect(verdict).toMatchObject({
      verified: true,
      identity: { type: 'email', value: 'amy@example.com' },
      tokenSubject: STATEMENT_DIGEST,
    });
  });

  test('fails without its token in what is said', async () => {
    const token = await world.mint();
    await attestPatiently(STATEMENT, token, world.services);
    const again = await attestPatiently(STATEMENT, token, world.services).catch((e: unknown) => e);
    expect(again).toBeInstanceOf(NotAttested);
    expect(inspect(again, { depth: 9 })).not.toContain(token.split('.')[2]);
    const broken = await attestPatiently(STATEMENT, 'eyJhbGci.x.y', world.services).catch(
      (e: unknown) => e,
    );
    expect(broken).toBeInstanceOf(NotAttested);
    expect(inspect(broken, { depth: 9 })).not.toContain('eyJhbGci');
  });
});
