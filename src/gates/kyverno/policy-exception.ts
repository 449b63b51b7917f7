import { createHash } from 'node:crypto';
import type { WantedException } from '#application/ports/gate-adapter';
import type { BypassId, TenantId } from '#domain/ids';
import { SECOND_MS, type Instant } from '#domain/instant';
import type { GateTarget, PolicyRef } from './gate-target.ts';
import { KyvernoFailure } from './kyverno-failure.ts';
import { matchConditions, type MatchCondition } from './match-conditions.ts';

export interface Place {
  readonly tenant: TenantId;
  readonly namespace: string;
  readonly gate: string;
  readonly target: GateTarget;
}

/** As `policies.kyverno.io/v1` has it. */
export interface PolicyException {
  readonly apiVersion: 'policies.kyverno.io/v1';
  readonly kind: 'PolicyException';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly policyRefs: readonly PolicyRef[];
    readonly matchConditions: readonly MatchCondition[];
    readonly allowedValues?: readonly string[];
    readonly expiresAt: string;
    readonly properties: Readonly<Record<string, string>>;
    readonly reportResult: 'skip';
  };
}

const OURS = 'breakglass.safeguard.sh';
export const BYPASS_LABEL = `${OURS}/bypass`;
export const GATE_LABEL = `${OURS}/gate`;
const UID = /^[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?$/;

/** What the policy looks for in `exceptions.allowedValues`, with the expiry behind it. */
const UNTIL = 'breakglass-until:';

/** The labels of all exceptions of a tenant, or of one of its gates: what we read and delete by. */
export function ownLabels(tenant: TenantId, gate?: string): Readonly<Record<string, string>> {
  return {
    'app.kubernetes.io/managed-by': 'breakglass',
    [`${OURS}/tenant`]: asLabel(tenant),
    ...(gate === undefined ? {} : { [GATE_LABEL]: gateLabel(gate) }),
  };
}

/** What the exception of a bypass is called: its labels can be taken off, its name cannot. */
export const exceptionName = (bypass: BypassId): string => `breakglass-${bypass}`;

/** @throws KyvernoFailure `scope` for what the gate cannot see. */
export function policyException(place: Place, wanted: WantedException): PolicyException {
  const { tenant, namespace, gate, target } = place;
  const { bypass, entry, scope } = wanted;
  if (!UID.test(bypass)) throw new KyvernoFailure('scope', 'the id of the bypass names no object');
  const expiresAt = new Date(wanted.expiresAt).toISOString();
  return {
    apiVersion: 'policies.kyverno.io/v1',
    kind: 'PolicyException',
    metadata: {
      name: exceptionName(bypass),
      namespace,
      labels: {
        ...ownLabels(tenant, gate),
        [BYPASS_LABEL]: bypass,
        'cleanup.kyverno.io/ttl': cleanupTime(wanted.expiresAt),
      },
      annotations: { [`${OURS}/entry`]: entry, [`${OURS}/gate`]: gate },
    },
    spec: {
      policyRefs: target.policies,
      matchConditions: matchConditions(target, scope, expiresAt),
      ...(target.guard === 'policy' ? { allowedValues: [`${UNTIL}${expiresAt}`] } : {}),
      expiresAt,
      properties: { bypass, entry, gate },
      // The default, written out: the API server adds it, and the two forms must compare as equal.
      reportResult: 'skip',
    },
  };
}

/** `2026-11-22T120000Z`: a label holds no colon. Whole seconds, the next one. */
function cleanupTime(expiresAt: Instant): string {
  const whole = Math.ceil(expiresAt / SECOND_MS) * SECOND_MS;
  return new Date(whole)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '');
}

export const gateLabel = (gate: string): string => asLabel(gate);

/** A label may not end as a name may, so names are told apart by their digest. */
const asLabel = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 32);
