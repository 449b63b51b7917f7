import { createPublicKey, verify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wantDueCheckpoints } from '#application/checkpoints/want-checkpoints';
import type { AlarmCode } from '#application/ports/alarm';
import type { Outbound } from '#application/ports/outbound';
import { PublishFailed } from '#application/ports/surface';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '#domain/instant';
import { parseCheckpoint } from '#ledger/checkpoint';
import { readCosignatures, witnessKeyFromVkey } from '#ledger/cosignature';
import type { VerifyEd25519 } from '#ledger/note-key';
import { parseNote } from '#ledger/signed-note';
import { createWitness } from '#notify/witness/witness-client';
import { testInstallation } from '#test/support/application/installation';
import type { TestTenant } from '#test/support/application/test-tenant';
import { WitnessServer } from '#test/support/witness/witness-server';

const installation = await testInstallation({ replicas: 2 });
const { world, replicas, database } = installation;
const [{ ports, stores }] = replicas;

const verifyEd25519: VerifyEd25519 = (key, message, signature) => {
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]);
  return verify(
    null,
    message,
    createPublicKey({ key: spki, format: 'der', type: 'spki' }),
    signature,
  );
};

let tenant: TestTenant;
let server: WitnessServer;
const opened: { close(): Promise<void> }[] = [];

const outbound = (): Outbound => ({
  announcer: world,
  mailer: null,
  witnesses: world.witnesses,
  everyMs: DAY_MS,
  onAlarm: () => undefined,
});

/** One of the schedule's looks, in each replica. */
async function look(): Promise<void> {
  for (const replica of replicas)
    await wantDueCheckpoints(
      { ...replica.ports, ...replica.stores, outbound: outbound() },
      tenant.id,
    );
  await tenant.settled();
}

const posted = () =>
  world.announced.flatMap(({ said }) => (said.kind === 'checkpoint' ? [said.checkpoint] : []));
const alarms = () =>
  world.announced.flatMap(({ said }) => (said.kind === 'alarm' ? [said.alarm] : []));
const standing = (): AlarmCode[] =>
  alarms()
    .filter((one) => one.clearedAt === null)
    .map((one) => one.code);
const newest = async () => (await stores.proofs.newest(tenant.id))?.size ?? 0;
const origin = () => `test.example/${tenant.name}`;

async function witnessed(): Promise<void> {
  const key = witnessKeyFromVkey(server.vkey, verifyEd25519);
  if (!key.ok) throw new Error(key.code);
  const witness = createWitness({ key: key.value, url: server.url, allowPrivate: true });
  opened.push(witness);
  world.witnesses.push(witness);
  server.know((await ports.keys.keysOf(tenant.id)).logKey);
}

beforeEach(async () => {
  tenant = await installation.tenant();
  server = await WitnessServer.start();
  world.announced.length = 0;
});
afterEach(async () => {
  world.witnesses.length = 0;
  world.beforeAnnounce = async () => {};
  await Promise.all(opened.splice(0).map((one) => one.close()));
  await server.close();
});

describe('the security channel', () => {
  it('gets the checkpoint that covers an activation, as the log signed it', async () => {
    await tenant.activate();
    const [checkpoint, ...more] = posted();
    expect(more).toEqual([]);
    expect(world.announced.map(({ channel }) => channel)).toEqual(['C0SECURITY']);
    const note = parseNote(checkpoint?.note ?? '');
    const read = note.ok ? parseCheckpoint(note.value.text) : note;
    expect(read).toMatchObject({ ok: true, value: { origin: origin(), size: checkpoint?.size } });
    const types = await tenant.types();
    expect(types.slice(0, checkpoint?.size)).toContain('bypass.activated');
  });

  it('gets one for several activations within a minute, which covers the last', async () => {
    for (let count = 0; count < 3; count += 1) await tenant.activate();
    expect(posted()).toHaveLength(1);
    await installation.advance(MINUTE_MS);
    await tenant.hurry();
    expect(posted().map(({ size }) => size)).toEqual([expect.any(Number), await newest()]);
    await installation.advance(MINUTE_MS);
    await tenant.hurry();
    expect(posted()).toHaveLength(2);
  });

  it('gets one a day if the log grew, from one of the replicas', async () => {
    await look();
    expect(posted().map(({ size }) => size)).toEqual([await newest()]);
    await installation.advance(DAY_MS);
    await look();
    // Nothing was written: there is nothing new to say.
    expect(posted()).toHaveLength(1);
    await tenant.open();
    await look();
    expect(posted()).toHaveLength(2);
    await tenant.open({
      scope: { service: 'search', environment: 'production', branch: null, artifact: null },
    });
    await look();
    expect(posted()).toHaveLength(2);
    await installation.advance(DAY_MS);
    await look();
    expect(
      posted()
        .map(({ size }) => size)
        .at(-1),
    ).toBe(await newest());
    expect(posted()).toHaveLength(3);
  });

  it('is left alone until its Retry-After', async () => {
    world.beforeAnnounce = async () => {
      throw new PublishFailed('rate-limited', 30_000);
    };
    await tenant.activate();
    expect(posted()).toEqual([]);
    world.beforeAnnounce = async () => {};
    await tenant.hurry();
    expect(posted()).toEqual([]);
    await installation.advance(31_000);
    await tenant.hurry();
    expect(posted()).toHaveLength(1);
  });

  it('that takes nothing for an hour is an alarm, and over when it does', async () => {
    let closed = true;
    world.beforeAnnounce = async (said) => {
      if (closed && said.kind === 'checkpoint') throw new PublishFailed('rejected', null);
    };
    await tenant.activate();
    await tenant.hurry();
    expect(standing()).toEqual([]);
    await installation.advance(HOUR_MS);
    await tenant.hurry();
    await tenant.hurry();
    expect(standing()).toEqual(['channel-unreachable']);
    expect(world.logged.at(-1)).toMatchObject({ code: 'channel-unreachable', clearedAt: null });
    closed = false;
    await tenant.hurry();
    expect(alarms().at(-1)).toMatchObject({
      code: 'channel-unreachable',
      clearedAt: expect.any(Number),
    });
  });
});

describe('witnesses', () => {
  it('cosign what covers an activation, and it is kept with the checkpoint', async () => {
    await witnessed();
    await tenant.activate();
    const size = server.sizeOf(origin());
    const cosigned = await stores.cosignatures.cosignedSince(tenant.id, size);
    expect(cosigned).toMatchObject({ size });
    const [{ vkey } = { vkey: '' }] = world.witnesses;
    const key = witnessKeyFromVkey(vkey, verifyEd25519);
    const read = readCosignatures(cosigned?.note ?? '', key.ok ? [key.value] : []);
    expect(read.ok && read.value.map(({ cosignedAt }) => cosignedAt)).toEqual([
      cosigned?.cosignedAt,
    ]);
    expect(await stores.cosignatures.cosignedSince(tenant.id, size + 1)).toBeNull();
    expect(alarms()).toEqual([]);
  });

  it('are shown growth from what they have seen, also where that was forgotten', async () => {
    await witnessed();
    await tenant.activate();
    await database.pool.query(
      `UPDATE app.destination SET sent_size = 0 WHERE kind = 'witness' AND tenant_id = $1`,
      [tenant.id],
    );
    await tenant.activate();
    expect(server.asked.map((body) => body.split('\n')[0])).toContain('old 0');
    expect(server.sizeOf(origin())).toBe(await newest());
    expect(alarms()).toEqual([]);
  });

  it('that do not answer are asked again, and told of after an hour', async () => {
    await witnessed();
    server.instead = () => ({ status: 503, body: '' });
    await tenant.activate();
    await tenant.hurry();
    expect(standing()).toEqual([]);
    await installation.advance(HOUR_MS);
    await tenant.hurry();
    await tenant.hurry();
    expect(standing()).toEqual(['witness-unreachable']);
    server.instead = () => null;
    await tenant.hurry();
    expect(server.sizeOf(origin())).toBe(await newest());
    expect(alarms().map(({ clearedAt }) => clearedAt !== null)).toEqual([false, true]);
  });

  it.each([
    [400, 'witness-request-refused'],
    [403, 'witness-unknown-key'],
    [404, 'witness-unknown-log'],
    [422, 'witness-inconsistent'],
    [418, 'witness-answer-wrong'],
    [200, 'witness-answer-wrong'],
  ] as const)('that answer %i raise %s, once, until they cosign again', async (status, code) => {
    await witnessed();
    server.instead = () => ({ status, body: '' });
    await tenant.activate();
    await tenant.activate();
    expect(standing()).toEqual([code]);
    expect(alarms()[0]?.about).toMatchObject({ witness: server.name });
    expect(world.logged.at(-1)).toMatchObject({ code });
    server.instead = () => null;
    // Nobody acts, and the witness is asked again all the same.
    await installation.advance(HOUR_MS);
    await look();
    expect(server.sizeOf(origin())).toBe(await newest());
    expect(alarms().map(({ clearedAt }) => clearedAt !== null)).toEqual([false, true]);
  });

  it('are sent the log within the hour, whatever the schedule of people is', async () => {
    await witnessed();
    await look();
    await tenant.open();
    await look();
    expect(server.sizeOf(origin())).toBeLessThan(await newest());
    await installation.advance(HOUR_MS);
    await look();
    expect(server.sizeOf(origin())).toBe(await newest());
  });
});
