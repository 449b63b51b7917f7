import { createHmac, randomUUID } from 'node:crypto';
import type { TenantId } from '#domain/ids';
import { tenantId } from '#domain/ids';
import { createGithubGates, type GithubGates } from '#gates/github/github-gate';
import type { GithubTrouble } from '#gates/github/context';
import type { NamedGate } from '#gates/github/github-gates';
import type { GithubAnswer, GithubDecisions, GithubDeploy } from '#gates/github/ports';
import type { Jobs } from '#postgres/jobs';
import { gateCheckStore } from '#postgres/store/gate-check-store';
import { gateDeliveryStore } from '#postgres/store/gate-delivery-store';
import { gateRunStore } from '#postgres/store/gate-run-store';
import type { TestDatabase } from '#test/support/postgres/test-database';
import { githubStandIn, type GithubStandIn } from './github-stand-in.ts';

const SECRET = 'a secret of the webhook';
export const ENTRY = `sha256:${'e'.repeat(64)}`;

export interface GithubWorld extends AsyncDisposable {
  readonly github: GithubStandIn;
  readonly gates: GithubGates;
  readonly tenant: TenantId;
  /** What the policy has. */
  readonly named: NamedGate[];
  /** The jobs that were left, by delivery. */
  readonly jobs: string[];
  readonly troubles: GithubTrouble[];
  readonly asked: GithubDeploy[];
  readonly finished: { readonly deploy: string; readonly outcome: string }[];
  readonly outOfBand: GithubDeploy[];
  /** Whether a bypass covers what is asked about; none does at first. */
  covers: (deploy: GithubDeploy) => boolean;
  /** Sends a delivery as GitHub does. */
  send(event: string, payload: unknown, how?: Partial<Sent>): Promise<Response>;
  /** Handles every delivery that waits. */
  work(): Promise<void>;
  /** What GitHub sends when a run reaches the environment. */
  request(run: number, environment?: string): Promise<void>;
}

interface Sent {
  readonly id: string;
  readonly secret: string;
  readonly signature: string | null;
  readonly body: string;
}

export interface WorldChoices {
  /** One that stands already; a new one unless given. */
  readonly tenant?: TenantId;
  /** The real ones; else as `covers` has it. */
  readonly decisions?: GithubDecisions;
}

/** GitHub on loopback, real tables, and decisions as a test wants them. */
export async function githubWorld(
  database: TestDatabase,
  choices: WorldChoices = {},
): Promise<GithubWorld> {
  const github = await githubStandIn();
  const tenant = choices.tenant ?? (await newTenant(database));
  const jobs: string[] = [];
  const sending: Pick<Jobs, 'sendIn'> = {
    sendIn: async (transaction, _queue, data) => {
      transaction.afterCommit(() => jobs.push((data as { id: string }).id));
      return randomUUID();
    },
  };
  const repository = {
    repository: 'acme/checkout',
    repository_id: String(github.state.repositoryId),
  };
  const named: NamedGate[] = [{ name: 'image-policy', settings: repository }];
  const troubles: GithubTrouble[] = [];
  const asked: GithubDeploy[] = [];
  const finished: { deploy: string; outcome: string }[] = [];
  const outOfBand: GithubDeploy[] = [];
  const gates = createGithubGates({
    appId: github.appId,
    privateKey: github.privateKey,
    apiUrl: github.url,
    fetch: globalThis.fetch,
    webhookSecrets: [SECRET],
    onTrouble: (what) => troubles.push(what),
    ports: {
      gates: async () => named,
      runs: gateRunStore(database.pool),
      checks: gateCheckStore(database.pool),
      deliveries: gateDeliveryStore(database.pool, sending, 'github', 'alarm'),
      decisions: choices.decisions ?? {
        ask: async (_, deploy): Promise<GithubAnswer> => {
          asked.push(deploy);
          return world.covers(deploy)
            ? { decision: 'bypass', entry: ENTRY, expiresAt: Date.UTC(2026, 10, 22, 21) }
            : { decision: 'enforce', reason: 'no-bypass' };
        },
        finish: async (_, { deploy }, outcome) => {
          finished.push({ deploy: `${deploy.id}#${deploy.attempt}`, outcome });
        },
        outOfBand: async (_, deploy) => void outOfBand.push(deploy),
      },
    },
  });
  const { fetch: webhook } = gates.route(tenant);
  const world: GithubWorld = {
    github,
    gates,
    tenant,
    named,
    jobs,
    troubles,
    asked,
    finished,
    outOfBand,
    covers: () => false,
    send: (event, payload, { id = randomUUID(), secret = SECRET, ...how } = {}) => {
      const body = how.body ?? JSON.stringify(payload);
      const signed = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
      const { signature = signed } = how;
      return webhook(
        new Request('http://127.0.0.1/v1/gates/github/webhook', {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'x-github-delivery': id,
            'x-github-event': event,
            ...(signature === null ? {} : { 'x-hub-signature-256': signature }),
          },
          body,
        }),
      );
    },
    async work() {
      for (const id of jobs.splice(0)) await gates.handle(tenant, id);
    },
    async request(run, environment = 'production') {
      await world.send('deployment_protection_rule', requested(github, run, environment));
      await world.work();
    },
    [Symbol.asyncDispose]: () => github[Symbol.asyncDispose](),
  };
  return world;
}

async function newTenant(database: TestDatabase): Promise<TenantId> {
  const tenant = tenantId(randomUUID());
  await database.pool.query('INSERT INTO app.tenant (tenant_id, name) VALUES ($1, $2)', [
    tenant,
    `acme-${tenant}`,
  ]);
  return tenant;
}

/** The delivery of a protection rule. */
export function requested({ url, state }: GithubStandIn, run: number, environment = 'production') {
  return {
    action: 'requested',
    environment,
    event: 'push',
    deployment_callback_url: `${url}/repos/${state.fullName}/actions/runs/${run}/deployment_protection_rule`,
    repository: {
      id: state.repositoryId,
      full_name: state.fullName,
      owner: { id: state.ownerId },
    },
    installation: { id: 100 },
  };
}
