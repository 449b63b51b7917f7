import { beforeEach, describe, expect, test } from 'vitest';
import { observeDeploy, type SeenDeploy } from '#application/gates/observe-deploy';
import { settleGate, type GatePorts } from '#application/gates/reconcile-gate';
import { forgetUnknownGates, wantGates } from '#application/gates/want-gates';
import type { SeenHead } from '#application/ports/log-hold';
import { acknowledgeRestore } from '#application/restore/acknowledge-restore';
import { compareLog } from '#application/restore/compare-log';
import { bypassId, type BypassId } from '#domain/ids';
import { MINUTE_MS, SECOND_MS } from '#domain/instant';
import { httpGate } from '#gates/http/http-gate';
import { formatCheckpoint } from '#ledger/checkpoint';
import { base64 } from '#ledger/digest';
import { signNote } from '#ledger/note-verify';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { TTL_MS, type TestTenant } from '#test/support/application/test-tenant';
import { ScriptedGate } from '#test/support/gates/scripted-gate';

const installation = await testInstallation();
const { world, advance } = installation;
const [replica] = installation.replicas;
const GATE = 'image-policy';

let gate: ScriptedGate;
let ports: GatePorts & typeof replica.ports;
beforeEach(() => {
  gate = new ScriptedGate();
  world.gate = gate;
  ports = { ...replica.ports, adapterOf: () => gate };
});

const close = (tenant: TestTenant, bypass: BypassId) =>
  tenant.press(PEOPLE.onCall, { kind: 'close', bypass });

/** The alarms of this tenant's gates: what stands, and what is over; those told twice, once. */
async function alarms(tenant: TestTenant): Promise<readonly string[]> {
  const { rows } = await installation.database.pool.query<{ said: string }>(
    `SELECT code || CASE WHEN cleared_at IS NULL THEN '' ELSE ' over' END AS said
     FROM app.alarm WHERE tenant_id = $1 AND key NOT LIKE 'to incidents/%' ORDER BY raised_at`,
    [tenant.id],
  );
  return rows.map(({ said }) => said);
}

/** What became of deploys, as the log has it. */
async function ends(tenant: TestTenant, bypass: BypassId): Promise<readonly string[]> {
  const events = await tenant.events(bypass);
  return events.flatMap((one) => (one.type === 'deploy.reverted' ? [one.result] : []));
}

const seen = (used: BypassId | null, changed: Partial<SeenDeploy> = {}): SeenDeploy => ({
  facts: {
    gate: GATE,
    service: 'checkout',
    environment: 'production',
    branch: 'hotfix',
    artifact: null,
  },
  deploy: 'run-7#1',
  decision: 'opa-decision-1',
  commit: null,
  url: null,
  actor: null,
  used,
  ...changed,
});

test('a bypass stands at its gate from its activation to its close, and is read back after it', async () => {
  const tenant = await installation.tenant();
  const first = await tenant.activate();
  const second = await tenant.activate();
  expect(gate.at(GATE)).toEqual([first, second].toSorted());
  expect(await ports.pushes.of(tenant.id)).toEqual([
    { gate: GATE, kind: 'http', stands: [first, second].toSorted() },
  ]);
  await close(tenant, first);
  expect(gate.at(GATE)).toEqual([second]);
  const readBack = (await tenant.events(first)).findLast((one) => one.type === 'gate.read-back');
  expect(readBack?.enforces).toBe(true);
  await advance(TTL_MS);
  // Past its expiry it is not wanted any more, whether its close was recorded or not.
  await settleGate(ports, tenant.id, GATE);
  expect(gate.at(GATE)).toEqual([]);
  await tenant.due();
  expect(await tenant.types(second)).toContain('gate.read-back');
});

test('an exception carries the entry of its activation, the scope and the expiry', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  const row = await replica.ports.store.read(tenant.id, (tx) => tx.bypass(bypass));
  const held = await tenant.bypass(bypass);
  expect(gate.standing.get(GATE)).toEqual([
    {
      bypass,
      entry: row?.activationDigest,
      scope: { service: 'checkout', environment: 'production', branch: null, artifact: null },
      expiresAt: held.phase === 'active' ? held.grant.expiresAt : null,
    },
  ]);
});

test('a drill is pushed nowhere', async () => {
  const tenant = await installation.tenant();
  await tenant.activate({ drill: true });
  await settleGate(ports, tenant.id, GATE);
  expect(gate.at(GATE)).toEqual([]);
});

test('what changes while a gate is written to is written after it', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  let isFirst = true;
  gate.before = async () => {
    if (!isFirst) return;
    isFirst = false;
    // The writer has read that the bypass is wanted, and writes so after its close is settled.
    await close(tenant, bypass);
  };
  await settleGate(ports, tenant.id, GATE);
  expect(gate.at(GATE)).toEqual([]);
});

test('a log that was rolled back opens nothing until that is acknowledged, and then closes what is due', async () => {
  const tenant = await installation.tenant();
  const [bypass, other] = [await tenant.activate(), await tenant.activate()];
  const ci = await decisionClient(replica, tenant);
  const deploy = { deploy: { id: 'run-1', attempt: 1 } };
  expect((await ci.ask(deploy)).decision).toBe('bypass');
  const before = (await tenant.events()).length;
  const hold = () => compareLog(replica.ports, tenant.id, aheadBy(2, before));
  expect(await hold()).toEqual({ outcome: 'held', size: before });
  expect(await alarms(tenant)).toEqual(['log-rolled-back']);

  // One that is annotated already needs no entry, which would be refused.
  expect(await ci.ask(deploy)).toMatchObject({ decision: 'enforce', reason: 'no-bypass' });
  await settleGate(ports, tenant.id, GATE);
  expect(gate.at(GATE)).toEqual([]);
  expect(await close(tenant, bypass)).toBe('refused');
  expect(tenant.refusals(PEOPLE.onCall)).toEqual(['log-held']);
  await advance(TTL_MS);
  await tenant.due();
  expect((await tenant.events()).length).toBe(before);
  expect((await ci.ask(deploy)).decision).toBe('enforce');

  const said = { reason: 'a disk failed', keepOpen: false };
  expect(await acknowledgeRestore(replica.ports, tenant.id, said)).toMatchObject({
    outcome: 'acknowledged',
    lostSize: before + 2,
  });
  expect(await alarms(tenant)).toEqual(['log-rolled-back over']);
  // What was seen before is known to be gone; after a restore to before it was acknowledged it is not.
  expect((await hold()).outcome).toBe('acknowledged');
  await tenant.due();
  for (const one of [bypass, other]) expect((await tenant.bypass(one)).phase).toBe('closed');
  const seenSince = { ...aheadBy(9, before), restores: 3 };
  expect((await compareLog(replica.ports, tenant.id, seenSince)).outcome).toBe('held');
  await acknowledgeRestore(replica.ports, tenant.id, said);
  expect((await compareLog(replica.ports, tenant.id, seenSince)).outcome).toBe('acknowledged');
});

/** A head of so many more entries than there are. */
function aheadBy(more: number, size: number): SeenHead {
  const root = new Uint8Array(32);
  const checkpoint = { origin: 'test.example/log', size: size + more, root, extensions: [] };
  const sign = () => new Uint8Array(64);
  const note = signNote(formatCheckpoint(checkpoint), { name: 'test.example/log', keyId: 1, sign });
  return { size: size + more, root: base64(root), note, restores: 0 };
}

test('nothing is pushed to a gate without a watch, what stood is removed, and an alarm says so', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  expect(gate.at(GATE)).toEqual([bypass]);
  gate.capabilities = { ...gate.capabilities, watch: false };
  await settleGate(ports, tenant.id, GATE);
  expect(gate.at(GATE)).toEqual([]);
  expect(await alarms(tenant)).toEqual(['gate-not-pushed']);
});

test('a gate that only we can close again is pushed to by an explicit setting alone', async () => {
  const tenant = await installation.tenant();
  gate.capabilities = { ...gate.capabilities, ttl: 'delete-only' };
  await tenant.activate();
  expect(gate.at(GATE)).toEqual([]);
  expect(await alarms(tenant)).toEqual(['gate-not-pushed']);
});

test('a gate that demands verified facts holds no exception', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate({ gate: 'provenance' });
  expect(gate.at('provenance')).toEqual([]);
  expect(await alarms(tenant)).toEqual(['gate-not-pushed']);
  const facts = { ...seen(bypass).facts, gate: 'provenance' };
  expect(await observeDeploy(ports, tenant.id, seen(bypass, { facts }))).toBe('out-of-band');
});

test('a gate that nothing can be pushed to is an alarm until an adapter is set up', async () => {
  const tenant = await installation.tenant({ gateKind: 'opa' });
  const without = { ...ports, adapterOf: () => httpGate(async () => null) };
  await wantGates(without, tenant.id);
  expect(await alarms(tenant)).toEqual(['gate-without-adapter']);
  await wantGates(ports, tenant.id);
  expect(await alarms(tenant)).toEqual(['gate-without-adapter over']);
});

test.each(['gate-without-adapter', 'gate-not-pushed'] as const)(
  '%s is over for a gate that has left the policy',
  async (code) => {
    const tenant = await installation.tenant();
    const key = `${code.replaceAll('-', ' ')}/of-yesterday`;
    await ports.alarms.raise(tenant.id, { key, code, about: {} });
    await wantGates(ports, tenant.id);
    expect(await alarms(tenant)).toEqual([`${code} over`]);
  },
);

test('a gate that is not reached is an alarm, once, until it is', async () => {
  const tenant = await installation.tenant();
  gate.before = async () => {
    throw Object.assign(new Error('no answer'), { code: 'unreachable' });
  };
  const bypass = await tenant.activate();
  await settleGate(ports, tenant.id, GATE);
  expect(await alarms(tenant)).toEqual(['gate-not-pushed']);
  gate.before = async () => {};
  await wantGates(ports, tenant.id);
  await tenant.settled();
  expect(gate.at(GATE)).toEqual([bypass]);
  expect(await alarms(tenant)).toEqual(['gate-not-pushed over']);
});

test('a gate that has left the policy holds nothing any more, and is forgotten', async () => {
  const tenant = await installation.tenant();
  await ports.pushes.begin(tenant.id, 'of-yesterday', 'opa');
  gate.standing.set('of-yesterday', []);
  await wantGates(ports, tenant.id);
  await tenant.settled();
  expect((await ports.pushes.of(tenant.id)).map((one) => one.gate)).not.toContain('of-yesterday');
  gate.standing.set('of-nobody', []);
  await forgetUnknownGates(ports, tenant.id, ['http']);
  expect([...gate.standing.keys()]).not.toContain('of-nobody');
});

test('a gate that stays open is an alarm, and is looked at until it enforces', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  gate.stuck = true;
  await close(tenant, bypass);
  expect(await alarms(tenant)).toEqual(['gate-open']);
  gate.stuck = false;
  await tenant.hurry();
  expect(await alarms(tenant)).toEqual(['gate-open over']);
  const found = (await tenant.events(bypass)).flatMap((one) =>
    one.type === 'gate.read-back' ? [one.enforces] : [],
  );
  expect(found).toEqual([false, true]);
});

test('a gate may stay open for as long as it says, and nobody is alarmed', async () => {
  const tenant = await installation.tenant();
  gate.capabilities = { ...gate.capabilities, stalenessMs: MINUTE_MS };
  const bypass = await tenant.activate();
  gate.stuck = true;
  await close(tenant, bypass);
  expect(await tenant.types(bypass)).not.toContain('gate.read-back');
  gate.stuck = false;
  await tenant.hurry();
  expect(await alarms(tenant)).toEqual([]);
  expect(await tenant.types(bypass)).toContain('gate.read-back');
});

test('a deploy in flight is put back by its gate: pending until it is done', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  const ci = await decisionClient(replica, tenant);
  await ci.ask();
  gate.capabilities = { ...gate.capabilities, asks: 'pull' };
  gate.answers.push('pending', 'done');
  await close(tenant, bypass);
  expect(await ends(tenant, bypass)).toEqual(['pending']);
  await tenant.hurry();
  expect(await ends(tenant, bypass)).toEqual(['pending', 'done']);
  expect(gate.reverted).toHaveLength(2);
});

test('a deploy is pending for as long as its gate says so, whatever its lease was', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  const ci = await decisionClient(replica, tenant);
  await ci.ask();
  gate.capabilities = { ...gate.capabilities, asks: 'pull' };
  gate.answers.push('pending', 'pending', 'pending');
  await close(tenant, bypass);
  for (let minutes = 0; minutes < 2; minutes += 1) {
    await advance(MINUTE_MS);
    await tenant.hurry();
    await tenant.due();
  }
  expect(await ends(tenant, bypass)).toEqual(['pending']);
  await tenant.hurry();
  expect(await ends(tenant, bypass)).toEqual(['pending', 'too-late']);
});

test('a deploy that asked us is told by us, also where its gate holds exceptions', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  const ci = await decisionClient(replica, tenant);
  await ci.ask();
  await close(tenant, bypass);
  expect(await ends(tenant, bypass)).toEqual(['pending']);
  expect(await ci.ask({ phase: 'recheck' })).toMatchObject({ decision: 'enforce' });
  await ci.ask({ phase: 'finish', outcome: 'cancelled' });
  expect(await ends(tenant, bypass)).toEqual(['pending', 'done']);
  expect(gate.reverted).toEqual([]);
});

test('a watched deploy is annotated once, as observed, and is too late to take back', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  expect(await observeDeploy(ports, tenant.id, seen(bypass))).toBe('annotated');
  expect(await observeDeploy(ports, tenant.id, seen(null))).toBe('annotated');
  const annotated = (await tenant.events(bypass)).filter((one) => one.type === 'deploy.annotated');
  expect(annotated).toMatchObject([{ facts: 'observed', branch: 'hotfix', deploy: 'run-7#1' }]);
  await close(tenant, bypass);
  expect(await ends(tenant, bypass)).toEqual(['pending', 'too-late']);
  // Told again by a gate that did not hear that it was kept.
  expect(await observeDeploy(ports, tenant.id, seen(bypass))).toBe('annotated');
  expect(await alarms(tenant)).toEqual([]);
});

test('a watched deploy that no active bypass covers is an alarm, and in no bypass', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate();
  const other = { ...seen(bypass).facts, service: 'search' };
  const foreign = await (await installation.tenant()).activate();
  for (const [deploy, used, facts] of [
    ['a#1', null, other],
    ['b#1', bypass, other],
    ['c#1', foreign, seen(bypass).facts],
    ['d#1', bypassId('no id of ours'), seen(bypass).facts],
  ] as const)
    expect(await observeDeploy(ports, tenant.id, seen(used, { deploy, facts }))).toBe(
      'out-of-band',
    );
  await close(tenant, bypass);
  expect(await observeDeploy(ports, tenant.id, seen(bypass, { deploy: 'e#1' }))).toBe(
    'out-of-band',
  );
  expect(await alarms(tenant)).toEqual(Array(5).fill('deploy-out-of-band'));
  expect(await tenant.types(bypass)).not.toContain('deploy.annotated');
});

describe('a deploy that a gate may have passed by its own policy', () => {
  const now = async (tenant: TestTenant) => ports.store.read(tenant.id, (tx) => tx.now());
  const tell = (tenant: TestTenant, at: number, changed: Partial<SeenDeploy> = {}) =>
    observeDeploy(ports, tenant.id, {
      ...seen(null, changed),
      mayHavePassed: { at, stalenessMs: MINUTE_MS },
    });
  const annotated = async (tenant: TestTenant, bypass: BypassId) =>
    (await tenant.types(bypass)).filter((type) => type === 'deploy.annotated').length;

  test('is no news without a bypass, and annotated under one that was active then', async () => {
    const tenant = await installation.tenant();
    expect(await tell(tenant, await now(tenant))).toBe('passed');
    const bypass = await tenant.activate();
    expect(await tell(tenant, await now(tenant))).toBe('annotated');
    const other = { ...seen(null).facts, service: 'search' };
    expect(await tell(tenant, await now(tenant), { facts: other })).toBe('passed');
    expect(await annotated(tenant, bypass)).toBe(1);
    expect(await alarms(tenant)).toEqual([]);
  });

  test('is none of a bypass that came after it, and of one that stood it is', async () => {
    const tenant = await installation.tenant();
    const first = await tenant.activate();
    await advance(MINUTE_MS);
    const before = await now(tenant);
    await advance(MINUTE_MS);
    const second = await tenant.activate();
    expect(await tell(tenant, before)).toBe('annotated');
    expect([await annotated(tenant, first), await annotated(tenant, second)]).toEqual([1, 0]);
    const long = before - TTL_MS;
    expect(await tell(tenant, long, { deploy: 'run-6#1' })).toBe('passed');
    expect([await annotated(tenant, first), await annotated(tenant, second)]).toEqual([1, 0]);
  });

  test('that is told only after its bypass ended is an alarm that names it, once', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    expect(await tell(tenant, await now(tenant), { deploy: 'run-6#1' })).toBe('annotated');
    const during = await now(tenant);
    await close(tenant, bypass);
    await advance(10 * MINUTE_MS);
    expect(await tell(tenant, during)).toBe('out-of-band');
    expect(await tell(tenant, during)).toBe('out-of-band');
    // Another replica of what the log has already.
    expect(await tell(tenant, during, { deploy: 'run-6#1' })).toBe('annotated');
    expect(await alarms(tenant)).toEqual(['deploy-out-of-band']);
    const { rows } = await installation.database.pool.query(
      `SELECT about->>'bypass' AS bypass FROM app.alarm WHERE tenant_id = $1`,
      [tenant.id],
    );
    expect(rows).toContainEqual({ bypass });
    expect(await annotated(tenant, bypass)).toBe(1);
  });

  test('while an ended bypass may still be heeded is an alarm, and after that no news', async () => {
    const tenant = await installation.tenant();
    const bypass = await tenant.activate();
    await close(tenant, bypass);
    const ended = (await tenant.bypass(bypass)) as { readonly endedAt?: number };
    const { endedAt = 0 } = ended;
    const after = endedAt + MINUTE_MS;
    expect(await tell(tenant, after, { deploy: 'a#1' })).toBe('out-of-band');
    expect(await tell(tenant, after + 30 * SECOND_MS, { deploy: 'b#1' })).toBe('passed');
  });

  test('after an expiry that nobody has recorded yet is told of all the same', async () => {
    const tenant = await installation.tenant();
    await tenant.activate();
    const during = await now(tenant);
    await advance(TTL_MS);
    expect(await tell(tenant, during)).toBe('out-of-band');
  });

  test('in a drill alone is no news', async () => {
    const tenant = await installation.tenant();
    const drill = await tenant.activate({ drill: true });
    const during = await now(tenant);
    expect(await tell(tenant, during)).toBe('passed');
    await close(tenant, drill);
    expect(await tell(tenant, during)).toBe('passed');
    expect(await alarms(tenant)).toEqual([]);
  });
});
