import type { Gate } from '#domain/policy/policy';
import { KyvernoFailure } from './kyverno-failure.ts';

/**
 * Who ends an exception at its expiry, if nobody is left to delete it:
 * - `policy`: the policy itself, at each request. It reads the expiry in `exceptions.allowedValues`,
 *   which ValidatingPolicies have;
 * - `condition`: a match condition of the exception, at each request. Kyverno 1.19.1 and later refuse it
 *   when the exception is written, since `time` is no library there;
 * - `delete`: Kyverno's cleanup controller, within a minute or so, and the expiry that Kyverno reads when
 *   it compiles the policy next.
 */
export type Guard = 'policy' | 'condition' | 'delete';

export interface PolicyRef {
  readonly kind: string;
  readonly name: string;
}

/** What a gate of kind `kyverno` is, from its settings in the policy. */
export interface GateTarget {
  readonly policies: readonly PolicyRef[];
  readonly guard: Guard;
  readonly serviceLabel: string;
  /** `null`: the namespace is called as the environment. */
  readonly environmentLabel: string | null;
  /** `null`: the gate sees no branch. An annotation, since labels hold no slash. */
  readonly branchAnnotation: string | null;
}

/** The kinds whose exceptions mean that a deploy passes. */
const KINDS = ['ValidatingPolicy', 'NamespacedValidatingPolicy'] as const;
const IMAGE_KINDS = ['ImageValidatingPolicy', 'NamespacedImageValidatingPolicy'] as const;
const GUARDS = ['policy', 'condition', 'delete'] as const;
const NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;
/** A qualified name: `app.kubernetes.io/name`. */
const KEY =
  /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const SERVICE_LABEL = 'app.kubernetes.io/name';

/** @throws KyvernoFailure `gate-settings`, in words for whoever writes the policy. */
export function gateTarget(gate: string, settings: Readonly<Record<string, string>>): GateTarget {
  const wrong = (what: string) => new KyvernoFailure('gate-settings', `gate ${gate}: ${what}`);
  const policies = (settings['policy'] ?? '').split(/[\s,]+/).filter((text) => text !== '');
  if (policies.length === 0) throw wrong('write `policy: ValidatingPolicy/name`');
  const refs = policies.map((text) => {
    const ref = policyRef(text);
    if (ref === null)
      throw wrong(`\`policy: ${text}\` is no kind and name, as ValidatingPolicy/name`);
    return ref;
  });
  const guard = GUARDS.find((one) => one === (settings['guard'] ?? 'policy'));
  if (guard === undefined) throw wrong('write `guard: policy`, `condition` or `delete`');
  if (guard === 'policy' && refs.some(({ kind }) => IMAGE_KINDS.some((one) => one === kind)))
    throw wrong('an image policy cannot read an expiry: write `guard: condition` or `delete`');
  if (guard === 'delete' && settings['allow_delete_only'] !== 'true')
    throw wrong(
      '`guard: delete` leaves the gate open if neither this service nor the cleanup controller runs: ' +
        'write `allow_delete_only: true` to take that',
    );
  if ('environment_label' in settings && refs.some(({ kind }) => kind.startsWith('Namespaced')))
    throw wrong(
      'a namespaced policy stands in the namespace of its environment: leave `environment_label` out',
    );
  const key = (name: string): string | null => {
    const text = settings[name];
    if (text !== undefined && !KEY.test(text)) throw wrong(`\`${name}: ${text}\` is no key`);
    return text ?? null;
  };
  return {
    policies: refs,
    guard,
    serviceLabel: key('service_label') ?? SERVICE_LABEL,
    environmentLabel: key('environment_label'),
    branchAnnotation: key('branch_annotation'),
  };
}

function policyRef(text: string): PolicyRef | null {
  const [kind = '', name = '', ...rest] = text.split('/');
  const known = [...KINDS, ...IMAGE_KINDS].some((one) => one === kind);
  return known && NAME.test(name) && rest.length === 0 ? { kind, name } : null;
}

/**
 * The gates of kind `kyverno` that can be watched, by name. One whose settings are wrong is left out: nothing is pushed for
 * it, so that nothing passes there under a bypass.
 */
export function gateTargets(
  gates: readonly (readonly [string, Pick<Gate, 'kind' | 'settings'>])[],
): ReadonlyMap<string, GateTarget> {
  const found = new Map<string, GateTarget>();
  for (const [gate, { kind, settings = {} }] of gates) {
    if (kind !== 'kyverno') continue;
    try {
      found.set(gate, gateTarget(gate, settings));
    } catch (error) {
      if (!(error instanceof KyvernoFailure)) throw error;
    }
  }
  return found;
}
