import { randomBytes } from 'node:crypto';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { KEY_KEEP_MS, KEY_LEAD_MS } from '#application/keys/key-schedule';
import { rotateIfOld, rotateInstallationKey } from '#application/keys/rotate-installation-key';
import { DAY_MS } from '#domain/instant';
import { parseKeyRing } from '#postgres/key-ring';
import { installationKeyStore } from '#postgres/store/installation-key-store';
import { secretStore } from '#postgres/store/secret-store';
import {
  newInstallationKey,
  openInstallationKeys,
  watchInstallationKeys,
} from '#runtime/installation-keys';
import { createIssuer } from '#sigstore/issuer';
import { testDatabase } from '#test/support/postgres/test-database';

const database = await testDatabase();
const { pool } = database;
const setClockOffset = (ms: number) => database.setClockOffset(ms);
const secrets = secretStore(pool, parseKeyRing(randomBytes(32).toString('hex')));
const store = installationKeyStore(pool, secrets);
const make = () => newInstallationKey('issuer');
const ISSUER = 'https://breakglass.example';

/** A replica: what it publishes and signs with is what it read last. */
async function replica() {
  const keys = await openInstallationKeys(secrets, store);
  const issuer = createIssuer({ issuerUrl: ISSUER, keys: () => keys.issuer.keys() });
  const published = async (): Promise<JSONWebKeySet> => {
    const response = await issuer.routes().request('/.well-known/jwks.json');
    return (await response.json()) as JSONWebKeySet;
  };
  const mint = () =>
    issuer.mintToken({ sub: 'sha256:00', now: new Date(), jti: randomBytes(8).toString('hex') });
  return { refresh: () => keys.issuer.refresh(), published, mint };
}

const kidsOf = async (one: { published: () => Promise<JSONWebKeySet> }) =>
  (await one.published()).keys.map((key) => key.kid);
const signerOf = (token: string) => decodeProtectedHeader(token).kid;

test('a new key is published before it signs, and the one before it stays until its tokens ended', async () => {
  const [one, two] = [await replica(), await replica()];
  const before = signerOf(await one.mint());
  const rotated = await rotateInstallationKey(store, 'issuer', make);
  expect(rotated).toMatchObject({ outcome: 'published', version: 2 });
  expect(await rotateInstallationKey(store, 'issuer', make)).toEqual({
    ...rotated,
    outcome: 'waiting',
  });
  await one.refresh();
  expect(await kidsOf(one)).toHaveLength(2);
  expect(signerOf(await one.mint())).toBe(before);

  await setClockOffset(KEY_LEAD_MS);
  await one.refresh();
  const token = await one.mint();
  expect(signerOf(token)).not.toBe(before);
  expect(await kidsOf(one)).toEqual([signerOf(token), before]);
  // One that did not look since the key was made signs with the old one, which all publish still.
  const late = await two.mint();
  expect(signerOf(late)).toBe(before);
  const jwks = createLocalJWKSet(await one.published());
  for (const each of [token, late]) await jwtVerify(each, jwks, { issuer: ISSUER });

  await setClockOffset(KEY_LEAD_MS + KEY_KEEP_MS);
  await one.refresh();
  expect(await kidsOf(one)).toEqual([signerOf(token)]);
  await setClockOffset(0);
});

test('of replicas that rotate at once, one adds the key', async () => {
  await setClockOffset(3 * DAY_MS);
  const stores = [store, installationKeyStore(pool, secrets)];
  const all = await Promise.all(stores.map((each) => rotateInstallationKey(each, 'issuer', make)));
  expect(new Set(all.map((one) => one.version)).size).toBe(1);
  expect(all.filter((one) => one.outcome === 'published')).toHaveLength(1);
  expect(
    (await store.read('issuer')).keys.map((one) => one.version).toSorted((a, b) => a - b),
  ).toEqual([1, 2, 3]);
  await setClockOffset(0);
});

test('a key is rotated once it is as old as was set', async () => {
  await openInstallationKeys(secrets, store);
  const decision = () => newInstallationKey('decision');
  expect(await rotateIfOld(store, 'decision', 90 * DAY_MS, decision)).toBeNull();
  await setClockOffset(91 * DAY_MS);
  const [one, two] = await Promise.all([
    rotateIfOld(store, 'decision', 90 * DAY_MS, decision),
    rotateIfOld(store, 'decision', 90 * DAY_MS, decision),
  ]);
  expect([one?.outcome, two?.outcome]).toContain('published');
  expect(await rotateIfOld(store, 'decision', 90 * DAY_MS, decision)).toBeNull();
  expect((await store.read('decision')).keys).toHaveLength(2);
  await setClockOffset(0);
});

test('the watch publishes what others added, and stops', async () => {
  const keys = await openInstallationKeys(secrets, store);
  const before = keys.decision.keys().length;
  await setClockOffset(200 * DAY_MS);
  const watch = watchInstallationKeys(keys, store, 90 * DAY_MS, pino({ level: 'silent' }));
  await expect
    .poll(() => keys.decision.keys().length, { timeout: 120_000, interval: 200 })
    .toBeGreaterThan(1);
  await watch.stop();
  expect(before).toBeGreaterThan(0);
  await setClockOffset(0);
}, 150_000);
