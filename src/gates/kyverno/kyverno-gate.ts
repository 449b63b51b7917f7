import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { GateCapabilities, PushAdapter } from '#application/ports/gate-adapter';
import type { TenantId } from '#domain/ids';
import { MINUTE_MS } from '#domain/instant';
import { gateTarget } from './gate-target.ts';
import { kubernetesClient } from './kubernetes-client.ts';
import { KyvernoFailure } from './kyverno-failure.ts';
import type { KyvernoSettings } from './kyverno-settings.ts';
import { GATE_LABEL, gateLabel } from './policy-exception.ts';
import { enforcesAt } from './read-back.ts';
import { reconcileGate } from './reconcile.ts';
import { exceptionsPath, standingExceptions } from './standing-exceptions.ts';
import { tryEach } from './try-each.ts';

export interface KyvernoGateOptions {
  readonly settings: KyvernoSettings;
  /** Whose cluster this is. */
  readonly tenant: TenantId;
  /** Of a gate, from the policy: `policy`, `guard`, `service_label` and so on. */
  readonly gateSettings: (
    tenant: TenantId,
    gate: string,
  ) => Promise<Readonly<Record<string, string>>>;
  readonly log: Pick<Logger, 'warn'>;
}

/**
 * The time guard is evaluated at each request, so that a bypass ends there with us dead; a gate whose
 * guard is `delete` says `allow_delete_only` in the policy, or nothing is pushed for it. A revoked
 * bypass ends when it is reconciled and Kyverno has seen it.
 */
const CAPABILITIES: Omit<GateCapabilities, 'watch'> = {
  asks: 'push',
  ttl: 'evaluated-in-gate',
  // What was admitted runs. To take it back is a deploy, and not for a gate to make.
  reverts: [],
  stalenessMs: MINUTE_MS,
};

/**
 * Brings the cluster of a tenant to what is wanted. Its calls throw KyvernoFailure.
 * @throws when the file of the authority cannot be read.
 */
export function kyvernoGate(options: KyvernoGateOptions): PushAdapter {
  const { settings, tenant: own, gateSettings, log } = options;
  const { apiUrl, tokenFile, caFile, namespace, watchToken } = settings;
  const ca = caFile === null ? null : readFileSync(caFile, 'utf8');
  const client = kubernetesClient({ apiUrl, tokenFile, ca });

  function mustBeOwn(tenant: TenantId): void {
    if (tenant !== own)
      throw new KyvernoFailure('other-tenant', 'this cluster is set up for another tenant');
  }

  /** Everything of a gate, or all gates but these. */
  async function clear(gate?: string, but: readonly string[] = []): Promise<number> {
    const kept = new Set(but.map(gateLabel));
    const standing = await standingExceptions(client, namespace, own, gate);
    const others = standing.filter(({ metadata }) => !kept.has(metadata.labels[GATE_LABEL] ?? ''));
    await tryEach(others, ({ metadata }) =>
      client.remove(`${exceptionsPath(namespace)}/${metadata.name}`, metadata.uid),
    );
    return others.length;
  }

  return {
    kind: 'kyverno',
    capabilities: { ...CAPABILITIES, watch: watchToken !== null },
    async enforces(tenant, facts, ended) {
      mustBeOwn(tenant);
      const target = gateTarget(facts.gate, await gateSettings(tenant, facts.gate));
      return await enforcesAt(
        client,
        namespace,
        { tenant, gate: facts.gate, target },
        facts,
        ended,
      );
    },
    async reconcile(tenant, gate, wanted) {
      mustBeOwn(tenant);
      if (wanted.length === 0 || watchToken === null) {
        await clear(gate);
        if (wanted.length === 0) return [];
        throw new KyvernoFailure(
          'not-watched',
          'nothing is pushed: nobody would hear what it lets through. Set KYVERNO_WATCH_TOKEN',
        );
      }
      const place = { tenant, namespace, gate, target: await targetOf(gate) };
      const { stands, warnings } = await reconcileGate(client, place, wanted);
      if (warnings.length > 0) log.warn({ gate, warnings }, 'Kyverno warns of an exception');
      return stands;
    },
    async forgetOthers(tenant, gates) {
      mustBeOwn(tenant);
      return await clear(undefined, gates);
    },
    revert: () => Promise.resolve('too-late'),
  };

  /** What stands by earlier settings is removed before these are complained about. */
  async function targetOf(gate: string) {
    const found = await gateSettings(own, gate);
    try {
      return gateTarget(gate, found);
    } catch (error) {
      await clear(gate);
      throw error;
    }
  }
}
