import type { Logger } from 'pino';
import { observeDeploy, type ObservePorts } from '#application/gates/observe-deploy';
import type { PushAdapter } from '#application/ports/gate-adapter';
import { bypassId, type TenantId } from '#domain/ids';
import type { Gate } from '#domain/policy/policy';
import { gateTargets, type GateTarget } from '#gates/kyverno/gate-target';
import { kyvernoGate } from '#gates/kyverno/kyverno-gate';
import { KYVERNO_WATCH_PATH, kyvernoWatchRoute } from '#gates/kyverno/watch/watch-route';
import { opaGate } from '#gates/opa/opa-gate';
import { OPA_WATCH_PATH, opaWatchRoute } from '#gates/opa/watch/watch-route';
import type { Route } from '#http/compose-routes';
import type { PushSettings } from './config/push-settings.ts';

/** The gates that hold exceptions, as far as they are set up. */
export interface PushGates {
  readonly adapters: readonly PushAdapter[];
  /** Where gate systems tell what they let through. */
  readonly routes: readonly Route[];
}

/** @throws when the file of an authority cannot be read. */
export function openPushGates(
  { kyverno, opa }: PushSettings,
  ports: ObservePorts,
  tenant: TenantId,
  log: Logger,
): PushGates {
  const adapters: PushAdapter[] = [];
  const routes: Route[] = [];
  const gates = () => gatesOf(ports, tenant);
  const gateSettings = async (_tenant: TenantId, gate: string) =>
    (await gates()).find(([name]) => name === gate)?.[1].settings ?? {};
  if (opa !== null) {
    adapters.push(opaGate({ settings: opa, tenant, gateSettings }));
    if (opa.watchToken !== null) routes.push(opaRoute(opa.watchToken, ports, tenant, log));
  }
  if (kyverno !== null) {
    const adapter = kyvernoGate({ settings: kyverno, tenant, gateSettings, log });
    adapters.push(adapter);
    const { stalenessMs } = adapter.capabilities;
    const seen = { targets: async () => gateTargets(await gates()), stalenessMs };
    if (kyverno.watchToken !== null)
      routes.push(kyvernoRoute(kyverno.watchToken, seen, ports, tenant, log));
  }
  return { adapters, routes };
}

async function gatesOf(
  { store }: Pick<ObservePorts, 'store'>,
  tenant: TenantId,
): Promise<readonly (readonly [string, Gate])[]> {
  const version = await store.read(tenant, (tx) => tx.currentPolicy());
  return Object.entries(version?.content.gates ?? {});
}

function opaRoute(token: string, ports: ObservePorts, tenant: TenantId, log: Logger): Route {
  const watcher = {
    observed: async (seen: Parameters<Watcher['observed']>[0]) => {
      const { facts, deploy, used, decisionId } = seen;
      const rest = { commit: null, url: null, actor: null, used: bypassId(used.bypass) };
      await observeDeploy(ports, tenant, { facts, deploy, decision: decisionId, ...rest });
    },
    unreadable: () => raiseUnreadable(ports, tenant, 'opa'),
  };
  return { prefix: OPA_WATCH_PATH, fetch: opaWatchRoute({ token, watcher, log }) };
}

type Watcher = Parameters<typeof opaWatchRoute>[0]['watcher'];

interface KyvernoSeen {
  readonly targets: () => Promise<ReadonlyMap<string, GateTarget>>;
  /** How long an ended bypass may still be heeded there. */
  readonly stalenessMs: number;
}

function kyvernoRoute(
  token: string,
  { targets, stalenessMs }: KyvernoSeen,
  ports: ObservePorts,
  tenant: TenantId,
  log: Logger,
): Route {
  const watcher = {
    admitted: async (seen: Parameters<KyvernoWatcher['admitted']>[0]) => {
      const { facts, deploy, auditId, admittedAt } = seen;
      // An audit event does not say by which exception, or whether by one.
      const rest = {
        commit: null,
        url: null,
        actor: null,
        used: null,
        mayHavePassed: { at: admittedAt, stalenessMs },
      } as const;
      await observeDeploy(ports, tenant, { facts, deploy, decision: auditId, ...rest });
    },
    unreadable: () => raiseUnreadable(ports, tenant, 'kyverno'),
  };
  const fetch = kyvernoWatchRoute({ token, targets, watcher, log });
  return { prefix: KYVERNO_WATCH_PATH, fetch };
}

type KyvernoWatcher = Parameters<typeof kyvernoWatchRoute>[0]['watcher'];

/** Once for all of a kind: what makes one unreadable makes all of them so. */
async function raiseUnreadable(
  { alarms }: ObservePorts,
  tenant: TenantId,
  kind: string,
): Promise<void> {
  const key = `watch unreadable/${kind}`;
  await alarms.raise(tenant, { key, code: 'watch-unreadable', about: { kind } });
}
