import { readFileSync } from 'node:fs';
import type {
  GateCapabilities,
  PushAdapter,
  WantedException,
} from '#application/ports/gate-adapter';
import type { TenantId } from '#domain/ids';
import { MINUTE_MS } from '#domain/instant';
import { enforcesAt } from './read-back.ts';
import { isWatched } from './is-watched.ts';
import { opaClient, type OpaClient } from './opa-client.ts';
import { OpaFailure } from './opa-failure.ts';
import type { OpaSettings } from './opa-settings.ts';
import { probeDeploy } from './probe.ts';
import { reconcileGate, removeOtherGates } from './reconcile.ts';

export interface OpaGateOptions {
  readonly settings: OpaSettings;
  /** Whose OPA this is. What is pushed for a gate of another tenant would open this one's gate. */
  readonly tenant: TenantId;
  /** Of a gate, from the policy: `path` of the decision to read back, as `deploy/decision`. */
  readonly gateSettings: (
    tenant: TenantId,
    gate: string,
  ) => Promise<Readonly<Record<string, string>>>;
}

/**
 * OPA evaluates the expiry at each decision, so that a bypass ends there with us dead. One that is
 * revoked ends when it is reconciled, or at its expiry where OPA cannot be reached.
 */
const CAPABILITIES: Omit<GateCapabilities, 'watch'> = {
  asks: 'push',
  ttl: 'evaluated-in-gate',
  // OPA answers and forgets: what it let through is beyond it.
  reverts: [],
  stalenessMs: MINUTE_MS,
};

/**
 * Brings every OPA of a tenant to what is wanted; where one fails, the others are brought there first.
 * Its calls throw OpaFailure.
 * @throws when the file of the authorities cannot be read.
 */
export function opaGate({ settings, tenant: own, gateSettings }: OpaGateOptions): PushAdapter {
  const { token, caFile, dataPath, decisionPath, watchToken } = settings;
  const ca = caFile === null ? null : readFileSync(caFile, 'utf8');
  const clients = settings.urls.map((url) => opaClient({ url, token, ca }));

  function mustBeOwn(tenant: TenantId): void {
    if (tenant !== own)
      throw new OpaFailure('other-tenant', 'this OPA is set up for another tenant');
  }

  return {
    kind: 'opa',
    capabilities: { ...CAPABILITIES, watch: watchToken !== null },
    async enforces(tenant, facts, ended) {
      mustBeOwn(tenant);
      const { path } = await gateSettings(tenant, facts.gate);
      const at = path === undefined ? decisionPath : path.split('/');
      // Without a watch nothing stands, and nobody hears of the question: any secret will do.
      const found = await onAll(clients, (client) => {
        const deploy = probeDeploy(watchToken ?? '', Date.now());
        return enforcesAt(client, at, { ...facts, deploy }, ended);
      });
      return found.every(Boolean);
    },
    async reconcile(tenant, gate, wanted) {
      mustBeOwn(tenant);
      await onAll(clients, (client) => reconcileWatched(client, settings, gate, wanted));
      return wanted.map(({ bypass }) => bypass);
    },
    async forgetOthers(tenant, gates) {
      mustBeOwn(tenant);
      const known = new Set(gates);
      const removed = await onAll(clients, (client) => removeOtherGates(client, dataPath, known));
      return [...new Set(removed.flat())];
    },
    revert: () => Promise.resolve('too-late'),
  };
}

/** An OPA of which we do not know that it is watched is emptied, and then complained about. */
async function reconcileWatched(
  client: OpaClient,
  { dataPath, watchToken }: OpaSettings,
  gate: string,
  wanted: readonly WantedException[],
): Promise<void> {
  const problem = wanted.length === 0 ? null : await whyNotWatched(client, watchToken);
  await reconcileGate(client, dataPath, gate, problem === null ? wanted : []);
  if (problem !== null) throw problem;
}

async function whyNotWatched(
  client: OpaClient,
  watchToken: string | null,
): Promise<OpaFailure | null> {
  const because = (reason: string) =>
    new OpaFailure(
      'not-watched',
      `nothing is pushed to ${client.host}: nobody would hear what it lets through. ${reason}`,
    );
  if (watchToken === null) return because('Set OPA_WATCH_TOKEN');
  try {
    if (isWatched(await client.config())) return null;
    return because('Its configuration sends decision logs to no service');
  } catch (error) {
    if (error instanceof OpaFailure) return error;
    throw error;
  }
}

/** One OPA that is down keeps no other from its end. Throws the first failure when all are done. */
async function onAll<T>(
  clients: readonly OpaClient[],
  act: (client: OpaClient) => Promise<T>,
): Promise<readonly T[]> {
  const settled = await Promise.allSettled(clients.map(act));
  const failed = settled
    .filter((one) => one.status === 'rejected')
    .map(({ reason }) => reason as Error);
  const [first] = failed;
  if (first === undefined)
    return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  if (failed.length === 1 || !(first instanceof OpaFailure)) throw first;
  throw new OpaFailure(first.code, failed.map(({ message }) => message).join('; '), {
    cause: new AggregateError(failed),
  });
}
