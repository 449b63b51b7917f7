import type { GateDelivery } from '#application/ports/gate-deliveries';
import type { InFlight } from '#domain/policy/policy';
import type { TenantId } from '#domain/ids';
import { createGithubApp, type GithubAppOptions } from './app-client.ts';
import { revertCheck, settleChecks } from './check-gate.ts';
import { gateNamed, GateUnusable, usableGates, type GithubContext } from './context.ts';
import type { GithubGate } from './github-gates.ts';
import { handleDelivery } from './handle-delivery.ts';
import { takeMissed } from './missed-deliveries.ts';
import type { GithubPorts } from './ports.ts';
import { settleGate } from './protection-rule.ts';
import { revertRun, type Reverted } from './revert-run.ts';
import { isRuleEnabled } from './rule-enabled.ts';
import { GITHUB_WEBHOOK_PATH, githubWebhook } from './webhook-route.ts';

export interface GithubGateOptions extends GithubAppOptions {
  /** The newest first. */
  readonly webhookSecrets: readonly string[];
  readonly ports: GithubPorts;
  readonly onTrouble: GithubContext['onTrouble'];
}

/** What a deploy passed or waits for: GitHub asks us by webhook, and is answered through its API. */
export interface GithubGates {
  /** The webhook, for the tenant whose policy has the gates. */
  route(tenant: TenantId): {
    readonly prefix: string;
    readonly fetch: (request: Request) => Promise<Response>;
  };
  /** Handles a delivery that `route` or `takeMissed` stored; a job with its id. */
  handle(tenant: TenantId, delivery: string): Promise<void>;
  /** Asks again about all that waits at the gate, and renews what runs: after an activation or a close. */
  bypassChanged(tenant: TenantId, gate: string): Promise<void>;
  /** The same for every gate: at boot and twice within a lease. */
  settle(tenant: TenantId): Promise<void>;
  /** Takes what never arrived; every minute. */
  takeMissed(tenant: TenantId): Promise<number>;
  /** Puts one deploy back under the gate; again until it is not `pending`. */
  revert(tenant: TenantId, gate: string, deploy: string, action: InFlight): Promise<Reverted>;
  /**
   * Is the gate still in the way there? For a rule: it is enabled on the environment. For a check:
   * every commit shows what holds now. @throws GateUnusable.
   */
  enforces(tenant: TenantId, gate: string, environment: string): Promise<boolean>;
}

/** The gates of kind `github`, with one GitHub App. All methods reject with GithubError. */
export function createGithubGates(options: GithubGateOptions): GithubGates {
  const { ports, onTrouble, webhookSecrets: secrets } = options;
  const context: GithubContext = { ...ports, app: createGithubApp(options), onTrouble };
  const settleOne = (tenant: TenantId, gate: GithubGate) =>
    gate.kind === 'rule' ? settleGate(context, tenant, gate) : settleChecks(context, tenant, gate);
  return {
    route: (tenant) => {
      const accept = (delivery: GateDelivery) => ports.deliveries.accept(tenant, delivery);
      return { prefix: GITHUB_WEBHOOK_PATH, fetch: githubWebhook({ secrets, accept }) };
    },
    handle: (tenant, delivery) => handleDelivery(context, tenant, delivery),
    async bypassChanged(tenant, name) {
      const gate = await gateNamed(context, tenant, name);
      if (gate !== null) await settleOne(tenant, gate);
    },
    async settle(tenant) {
      const gates = await usableGates(context, tenant);
      // One repository that does not answer keeps no other waiting.
      const settled = await Promise.allSettled(gates.map((gate) => settleOne(tenant, gate)));
      const failed = settled.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
    takeMissed: (tenant) => takeMissed(context, tenant),
    async revert(tenant, name, deploy, action) {
      const gate = await gateNamed(context, tenant, name);
      // Its gate has left the policy: nobody can look at it any more.
      if (gate === null) return 'too-late';
      return gate.kind === 'rule'
        ? revertRun(context, tenant, gate, deploy, action)
        : revertCheck(context, tenant, gate, deploy);
    },
    async enforces(tenant, name, environment) {
      const gate = await gateNamed(context, tenant, name);
      if (gate === null) throw new GateUnusable();
      if (gate.kind === 'rule') return isRuleEnabled(context.app, gate, environment);
      await settleChecks(context, tenant, gate);
      return true;
    },
  };
}
