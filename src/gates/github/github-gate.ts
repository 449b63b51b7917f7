import type { GateDelivery } from '#application/ports/gate-deliveries';
import type { InFlight } from '#domain/policy/policy';
import type { TenantId } from '#domain/ids';
import { createGithubApp, type GithubAppOptions } from './app-client.ts';
import { checksShow, revertCheck, settleChecks } from './check-gate.ts';
import { gateNamed, GateUnusable, refusalOf, usableGates, type GithubContext } from './context.ts';
import type { GithubGate } from './github-gates.ts';
import { handleDelivery } from './handle-delivery.ts';
import { whyNotThere, whyUnusable, type WhyUnusable } from './look-at-gate.ts';
import { takeMissed, type MissedTaken } from './missed-deliveries.ts';
import type { GithubPorts } from './ports.ts';
import { settleGate } from './protection-rule.ts';
import { remembered } from './remembered.ts';
import { revertRun, type Reverted } from './revert-run.ts';
import { isRuleEnabled } from './rule-enabled.ts';
import { GITHUB_WEBHOOK_PATH, githubWebhook } from './webhook-route.ts';

export interface GithubGateOptions extends GithubAppOptions {
  /** The newest first. */
  readonly webhookSecrets: readonly string[];
  readonly ports: GithubPorts;
  readonly onTrouble: GithubContext['onTrouble'];
}

export interface LookedAt {
  readonly gate: string;
  /** `null` for one that can be used. */
  readonly why: WhyUnusable | 'no-answer' | null;
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
  takeMissed(tenant: TenantId): Promise<MissedTaken>;
  /** Puts one deploy back under the gate; again until it is not `pending`. */
  revert(tenant: TenantId, gate: string, deploy: string, action: InFlight): Promise<Reverted>;
  /** What keeps each gate of the policy from being used. */
  look(tenant: TenantId): Promise<readonly LookedAt[]>;
  /**
   * Is the gate still in the way there? For a rule: it is enabled on the environment. For a check:
   * every commit shows what holds now. @throws GateUnusable where there is no such gate at GitHub: that
   * is not the same as one that stands open.
   */
  enforces(tenant: TenantId, gate: string, environment: string): Promise<boolean>;
}

const HEADS_MS = 10 * 60_000;
const RULES_MS = 60_000;

/** The gates of kind `github`, with one GitHub App. All methods reject with GithubError. */
export function createGithubGates(options: GithubGateOptions): GithubGates {
  const { ports, onTrouble, webhookSecrets: secrets } = options;
  const context: GithubContext = {
    ...ports,
    app: createGithubApp(options),
    onTrouble,
    refusals: new Set(),
    missed: new Map(),
    heads: remembered(HEADS_MS),
    rules: remembered(RULES_MS),
  };
  const settleOne = (tenant: TenantId, gate: GithubGate) =>
    gate.kind === 'rule' ? settleGate(context, tenant, gate) : settleChecks(context, tenant, gate);
  return {
    route: (tenant) => {
      const accept = (delivery: GateDelivery) => ports.deliveries.accept(tenant, delivery);
      return { prefix: GITHUB_WEBHOOK_PATH, fetch: githubWebhook({ secrets, accept }) };
    },
    handle: (tenant, delivery) => handleDelivery(context, tenant, delivery),
    async bypassChanged(tenant, name) {
      // Of one that cannot be used `look` tells; to try again would change nothing.
      const gate = (await usableGates(context, tenant)).find((one) => one.gate === name);
      if (gate !== undefined) await settleOne(tenant, gate);
    },
    async settle(tenant) {
      const gates = await usableGates(context, tenant);
      // One repository that does not answer keeps no other waiting.
      const settled = await Promise.allSettled(gates.map((gate) => settleOne(tenant, gate)));
      const failed = settled.find((one) => one.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    },
    takeMissed: (tenant) => takeMissed(context, tenant),
    async look(tenant) {
      const refused = (gate = '') =>
        context.refusals.has(refusalOf(tenant, gate)) ? 'approval-refused' : null;
      const named = await ports.gates(tenant);
      const looked = await Promise.allSettled(named.map((one) => whyUnusable(context.app, one)));
      return looked.map((one, at) => ({
        gate: named[at]?.name ?? '',
        why: one.status === 'fulfilled' ? (one.value ?? refused(named[at]?.name)) : 'no-answer',
      }));
    },
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
      if (gate === null) throw new RangeError('the policy has no such gate of kind github');
      const why = await whyNotThere(context.app, gate);
      if (why !== null) throw new GateUnusable(why);
      if (gate.kind === 'rule') return isRuleEnabled(context.app, gate, environment);
      return checksShow(context, tenant, gate);
    },
  };
}
