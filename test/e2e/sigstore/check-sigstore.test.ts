import { afterAll, beforeAll, expect, test } from 'vitest';
import { auditChecks } from '#cli/audit-checks';
import { checkSigstore } from '#sigstore/check-sigstore';
import { startWorld, type World } from './signing-world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const verifierOf = (of: World) => auditChecks(of.authority.trustedRoot).verifyBundle;

test('a Sigstore that signs for this issuer, under its own trusted root, passes', async () => {
  const checked = await checkSigstore(world.issuer, world.services, verifierOf(world));
  expect(checked).toMatchObject({ ok: true, issuer: world.issuer.issuerUrl });
});

test("another authority's trusted root is found out", async () => {
  await using stranger = await startWorld();
  const checked = await checkSigstore(world.issuer, world.services, verifierOf(stranger));
  expect(checked).toMatchObject({ ok: false, at: 'verifying' });
});

test('an authority that does not believe this issuer is found out, without the token', async () => {
  await using stranger = await startWorld();
  const checked = await checkSigstore(stranger.issuer, world.services, verifierOf(world));
  expect(checked).toMatchObject({ ok: false, at: 'signing' });
  expect(JSON.stringify(checked)).not.toContain('eyJ');
});

test('a service that is not there is named', async () => {
  const services = { ...world.services, tsaUrl: 'http://127.0.0.1:9/' };
  const checked = await checkSigstore(world.issuer, services, verifierOf(world));
  expect(checked).toMatchObject({ ok: false, at: 'signing', code: 'tsa-unavailable' });
});
