import { beforeEach, describe, expect, test } from 'vitest';
import { openedBy } from '#application/gates/opened-by';
import { readBack } from '#application/gates/read-back';
import { settleGate } from '#application/gates/reconcile-gate';
import type { BypassId } from '#domain/ids';
import { httpGate } from '#gates/http/http-gate';
import { adapterOver } from '#runtime/adapter-of';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import type { TestTenant } from '#test/support/application/test-tenant';
import { ScriptedGate } from '#test/support/gates/scripted-gate';

const installation = await testInstallation();
const { world } = installation;
const [replica] = installation.replicas;
const { ports } = replica;
const GATE = 'image-policy';
/** As the service has it where no gate system is set up. */
const nothing = adapterOver(ports, null, []);
const asks = httpGate((tenant, facts) => openedBy(ports, tenant, facts));

let gate: ScriptedGate;
beforeEach(() => {
  gate = new ScriptedGate();
  world.gate = gate;
});

const readBacks = async (tenant: TestTenant, bypass: BypassId) =>
  (await tenant.events(bypass)).filter((one) => one.type === 'gate.read-back');

async function standing(tenant: TestTenant): Promise<readonly string[]> {
  const { rows } = await installation.database.pool.query<{ code: string }>(
    `SELECT code FROM app.alarm
     WHERE tenant_id = $1 AND cleared_at IS NULL AND key NOT LIKE 'to incidents/%' ORDER BY code`,
    [tenant.id],
  );
  return rows.map(({ code }) => code);
}

test.each(['github', 'kyverno', 'opa'])('a gate of kind %s has its own adapter or none', (kind) => {
  expect(nothing(kind)).toBeUndefined();
});

test('a gate of any other kind asks by HTTP, and one that is set up is found by its kind', () => {
  const found = adapterOver(ports, null, [gate]);
  expect([found('opa'), found('argocd')?.kind, found('http')?.kind]).toEqual([
    gate,
    'http',
    'http',
  ]);
});

test('whether a gate enforces that demands verified facts is asked as who can prove them', async () => {
  const tenant = await installation.tenant();
  const bypass = await tenant.activate({ gate: 'provenance' });
  const facts = {
    gate: 'provenance',
    service: 'checkout',
    environment: 'production',
    branch: null,
    artifact: null,
  };
  expect(await nothing('http')?.enforces(tenant.id, facts, bypass)).toBe(false);
  await tenant.press(PEOPLE.onCall, { kind: 'close', bypass });
  expect(await nothing('http')?.enforces(tenant.id, facts, bypass)).toBe(true);
});

describe('where the adapter of what was pushed is taken out of the settings', () => {
  test.each(['opa', 'http'] as const)(
    'nobody says that the gate enforces, now of kind %s, until it is back',
    async (gateKind) => {
      const tenant = await installation.tenant({ gateKind: 'opa' });
      const bypass = await tenant.activate();
      world.gate = asks;
      await tenant.applyPolicy({ gateKind });
      await tenant.press(PEOPLE.onCall, { kind: 'close', bypass });
      await settleGate({ ...ports, adapterOf: nothing }, tenant.id, GATE);
      expect(await standing(tenant)).toEqual(['gate-not-pushed']);
      await expect(readBack(ports, nothing, tenant.id, bypass)).rejects.toThrow(Error);
      expect([gate.at(GATE), await readBacks(tenant, bypass)]).toEqual([[bypass], []]);
      world.gate = gate;
      await settleGate({ ...ports, adapterOf: () => gate }, tenant.id, GATE);
      await tenant.hurry();
      expect([gate.at(GATE), await readBacks(tenant, bypass)]).toMatchObject([
        [],
        [{ enforces: true }],
      ]);
      expect(await standing(tenant)).toEqual([]);
    },
  );
});
