import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { Measure } from '#application/ports/measure';
import type { Ports } from '#application/ports/ports';
import type { TenantId } from '#domain/ids';
import { createGithubGates, type GithubGates, type LookedAt } from '#gates/github/github-gate';
import type { NamedGate } from '#gates/github/github-gates';
import type { Jobs } from '#postgres/jobs';
import { gateCheckStore } from '#postgres/store/gate-check-store';
import { gateDeliveryStore } from '#postgres/store/gate-delivery-store';
import { gateRunStore } from '#postgres/store/gate-run-store';
import type { GithubSettings } from './config/github-settings.ts';
import { githubAccess } from './github-access.ts';
import { githubDecisions } from './github-decisions.ts';
import { eachTenant, type Tenants } from './each-tenant.ts';
import { startPoll } from './poll.ts';
import type { Stores } from './stores.ts';

interface GithubTools {
  readonly ports: Ports;
  readonly stores: Pick<Stores, 'store' | 'alarms'>;
  readonly pool: Pool;
  readonly jobs: Pick<Jobs, 'sendIn'>;
  readonly measure: Measure;
}

/**
 * The gates of kind `github`, over the tables and the App of the settings; `null` where there is none.
 * @throws GithubKeyUnusable.
 */
export async function openGithub(
  settings: GithubSettings | null,
  { ports, stores, pool, jobs, measure }: GithubTools,
  log: Logger,
  cleanup: AsyncDisposableStack,
): Promise<GithubGates | null> {
  if (settings === null) return null;
  const { appId, apiUrl, webhookSecrets } = settings;
  const { privateKey, fetch } = await githubAccess(settings, cleanup);
  return createGithubGates({
    appId,
    privateKey,
    apiUrl,
    webhookSecrets,
    fetch,
    ports: {
      gates: (tenant) => gatesOf(stores.store, tenant),
      decisions: githubDecisions({ ...ports, alarms: stores.alarms }, measure),
      runs: gateRunStore(pool),
      checks: gateCheckStore(pool),
      deliveries: gateDeliveryStore(pool, jobs, 'github', 'gate-delivery'),
    },
    onTrouble: (what) => log.warn(what, 'GitHub asked, and could not be answered'),
  });
}

async function gatesOf(store: Stores['store'], tenant: TenantId): Promise<readonly NamedGate[]> {
  const version = await store.read(tenant, (tx) => tx.currentPolicy());
  return Object.entries(version?.content.gates ?? {})
    .filter(([, { kind }]) => kind === 'github')
    .map(([name, { settings = {} }]) => ({ name, settings }));
}

/** Within a lease of 90 s twice, so that a run that goes on is not taken for one that died. */
const SETTLE = '*/30 * * * * *';
const MISSED = '15 * * * * *';
const LOOK = '45 * * * * *';

/** Looks after what waits and runs there, for what GitHub could not tell us, and whether it can be used. */
export function startGithubPolls(
  github: GithubGates | null,
  stores: Pick<Stores, 'store' | 'alarms'>,
  tenants: Tenants,
  log: Logger,
  cleanup: AsyncDisposableStack,
): void {
  const start = (name: string, at: string, look: (tenant: TenantId) => Promise<unknown>) => {
    const poll = startPoll(
      {
        name,
        at,
        atStart: true,
        look: () => eachTenant(tenants, look),
        onError: (err) => log.warn({ err, name }, 'GitHub could not be looked at'),
      },
      log,
    );
    cleanup.defer(() => poll.stop());
  };
  start('github-gates', LOOK, (tenant) => tellUnusable(github, stores, tenant));
  if (github === null) return;
  start('github-missed', MISSED, (tenant) => takeMissed(github, stores, tenant));
  start('github-settle', SETTLE, (tenant) => github.settle(tenant));
}

/** Takes what never came; an alarm until all of it was read. */
export async function takeMissed(
  github: Pick<GithubGates, 'takeMissed'>,
  { alarms }: Pick<Stores, 'alarms'>,
  tenant: TenantId,
): Promise<void> {
  const key = 'github deliveries';
  const { taken, isBehind } = await github.takeMissed(tenant);
  if (!isBehind) await alarms.clear(tenant, key);
  else await alarms.raise(tenant, { key, code: 'deliveries-behind', about: { taken } });
}

const UNUSABLE = 'gate unusable/';

/** An alarm for each gate of kind `github` that no bypass can open, by what keeps it from that. */
export async function tellUnusable(
  github: Pick<GithubGates, 'look'> | null,
  { store, alarms }: Pick<Stores, 'store' | 'alarms'>,
  tenant: TenantId,
): Promise<void> {
  const looked = await (github === null ? withoutApp(store, tenant) : github.look(tenant));
  const holds = new Set<string>();
  const standing = await alarms.standing(tenant, UNUSABLE);
  for (const { gate, why } of looked) {
    const key = `${UNUSABLE}${gate}/${why}`;
    if (why === 'no-answer')
      for (const one of standing.filter((own) => own.startsWith(`${UNUSABLE}${gate}/`)))
        holds.add(one);
    else if (why !== null) {
      holds.add(key);
      await alarms.raise(tenant, { key, code: 'gate-unusable', about: { gate, why } });
    }
  }
  for (const key of standing) if (!holds.has(key)) await alarms.clear(tenant, key);
}

async function withoutApp(store: Stores['store'], tenant: TenantId): Promise<readonly LookedAt[]> {
  const gates = await gatesOf(store, tenant);
  return gates.map(({ name }) => ({ gate: name, why: 'no-app' }));
}
