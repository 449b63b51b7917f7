import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { tenantId } from '#domain/ids';
import { gateTarget, gateTargets } from '#gates/kyverno/gate-target';
import { policyException } from '#gates/kyverno/policy-exception';
import { POLICY_EXCEPTION_SPEC, schemaMistakes } from '#test/support/gates/policy-exception-schema';
import { ARTIFACT, ENTRY, wanted } from '#test/support/gates/wanted';

const EXPIRY = '2026-11-22T12:00:00.123Z';
const BYPASS = wanted('b1', { expiresAt: Date.parse(EXPIRY), scope: { artifact: null } });
const SETTINGS = { policy: 'ValidatingPolicy/release-images' };

function rendered(settings: Readonly<Record<string, string>> = {}, bypass = BYPASS) {
  const target = gateTarget('image-policy', { ...SETTINGS, ...settings });
  const place = { tenant: tenantId('acme'), namespace: 'breakglass-exceptions' };
  return policyException({ ...place, gate: 'image-policy', target }, bypass);
}

const conditions = (...args: Parameters<typeof rendered>) =>
  Object.fromEntries(
    rendered(...args).spec.matchConditions.map(({ name, expression }) => [name, expression]),
  );

describe('the exception of a bypass', () => {
  it('is the one of the example', () => {
    const file = new URL('../../../examples/gates/kyverno/exception.yaml', import.meta.url);
    const example: unknown = parse(readFileSync(file, 'utf8'));
    const bypass = wanted('6f1c0a52-9d53-4a4e-8b1a-2c9c1d0e7f10', { scope: { artifact: null } });
    const entry = `sha256:${'e'.repeat(64)}` as const;
    expect(rendered({}, { ...bypass, entry })).toEqual(example);
  });

  it('is this object, where the policy reads the expiry', () => {
    expect(rendered()).toEqual({
      apiVersion: 'policies.kyverno.io/v1',
      kind: 'PolicyException',
      metadata: {
        name: 'breakglass-b1',
        namespace: 'breakglass-exceptions',
        labels: {
          'app.kubernetes.io/managed-by': 'breakglass',
          'breakglass.safeguard.sh/tenant': '822b33ad87c148a0a20a5ba7cd5ebcaa',
          'breakglass.safeguard.sh/gate': '14710880771bdd8aa299e303f2007408',
          'breakglass.safeguard.sh/bypass': 'b1',
          'cleanup.kyverno.io/ttl': '2026-11-22T120001Z',
        },
        annotations: {
          'breakglass.safeguard.sh/entry': ENTRY,
          'breakglass.safeguard.sh/gate': 'image-policy',
        },
      },
      spec: {
        policyRefs: [{ kind: 'ValidatingPolicy', name: 'release-images' }],
        matchConditions: [
          {
            name: 'breakglass-service',
            expression:
              "object != null && has(object.metadata.labels) && 'app.kubernetes.io/name' in " +
              "object.metadata.labels && object.metadata.labels['app.kubernetes.io/name'] == 'checkout'",
          },
          { name: 'breakglass-environment', expression: "request.namespace == 'production'" },
        ],
        allowedValues: [`breakglass-until:${EXPIRY}`],
        expiresAt: EXPIRY,
        properties: { bypass: 'b1', entry: ENTRY, gate: 'image-policy' },
        reportResult: 'skip',
      },
    });
  });

  it('guards the time in a match condition where the gate says so, and lets the whole policy pass', () => {
    const { spec } = rendered({ guard: 'condition' });
    expect(spec.matchConditions[0]).toEqual({
      name: 'breakglass-time',
      expression: `time.now() < timestamp('${EXPIRY}')`,
    });
    expect(spec).not.toHaveProperty('allowedValues');
    expect(spec.expiresAt).toBe(EXPIRY);
  });

  it('wants every image of the pod to be the artifact', () => {
    expect(conditions({}, wanted('b1'))['breakglass-artifact']).toBe(
      'object != null && has(object.spec) && (has(object.spec.containers) ? [object.spec] : ' +
        'has(object.spec.template) ? [object.spec.template.spec] : ' +
        'has(object.spec.jobTemplate) ? [object.spec.jobTemplate.spec.template.spec] : [])' +
        '.exists(pod, size(pod.containers) > 0 && ' +
        `pod.containers.all(c, c.image.endsWith('@${ARTIFACT}')) && ` +
        `(!has(pod.initContainers) || pod.initContainers.all(c, c.image.endsWith('@${ARTIFACT}'))) && ` +
        '(!has(pod.ephemeralContainers) || ' +
        `pod.ephemeralContainers.all(c, c.image.endsWith('@${ARTIFACT}'))))`,
    );
  });

  it('looks for service, environment and branch where the gate says', () => {
    const settings = {
      service_label: 'app',
      environment_label: 'acme.example/env',
      branch_annotation: 'acme.example/branch',
    };
    expect(
      conditions(settings, wanted('b1', { scope: { branch: 'fix/7', artifact: null } })),
    ).toEqual({
      'breakglass-service':
        "object != null && has(object.metadata.labels) && 'app' in object.metadata.labels && " +
        "object.metadata.labels['app'] == 'checkout'",
      'breakglass-environment':
        "object != null && has(object.metadata.labels) && 'acme.example/env' in " +
        "object.metadata.labels && object.metadata.labels['acme.example/env'] == 'production'",
      'breakglass-branch':
        "object != null && has(object.metadata.annotations) && 'acme.example/branch' in " +
        "object.metadata.annotations && object.metadata.annotations['acme.example/branch'] == 'fix/7'",
    });
  });

  it('is none for a branch that the gate cannot see', () => {
    expect(() => rendered({}, wanted('b1', { scope: { branch: 'main' } }))).toThrow(
      expect.objectContaining({ code: 'scope' }),
    );
  });

  it('is none under a name that no object can have', () => {
    expect(() => rendered({}, wanted('../x'))).toThrow(expect.objectContaining({ code: 'scope' }));
  });

  it('lets no name end its literal', () => {
    const names = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(names, (service) => {
        const expression = conditions({}, wanted('b1', { scope: { service } }))[
          'breakglass-service'
        ];
        const literal = /== '((?:[^'\\\n\r]|\\u[0-9a-f]{4})*)'$/su.exec(expression ?? '')?.[1];
        const read = literal?.replaceAll(/\\u([0-9a-f]{4})/g, (_, hex: string) =>
          String.fromCodePoint(Number.parseInt(hex, 16)),
        );
        expect(read).toBe(service);
      }),
    );
  });

  it.each([{}, { guard: 'condition' }, { guard: 'delete', allow_delete_only: 'true' }])(
    'keeps to the schema: %j',
    (settings) => {
      expect(schemaMistakes(POLICY_EXCEPTION_SPEC, rendered(settings, wanted('b1')).spec)).toEqual(
        [],
      );
    },
  );
});

describe('the settings of a gate', () => {
  it.each([
    ['no policy', { policy: '' }],
    ['a kind that lets nothing pass', { policy: 'MutatingPolicy/x' }],
    ['a policy of the older kind', { policy: 'ClusterPolicy/x' }],
    ['no name', { policy: 'ValidatingPolicy' }],
    ['too many names', { policy: 'ValidatingPolicy/a/b' }],
    ['another guard', { guard: 'none' }],
    ['an image policy that cannot read the expiry', { policy: 'ImageValidatingPolicy/x' }],
    ['a guard that only deletes, not taken by name', { guard: 'delete' }],
    ['the same, half taken', { guard: 'delete', allow_delete_only: 'yes' }],
    ['a label that is none', { service_label: "a'b" }],
    [
      'a namespaced policy and a label for the environment',
      { policy: 'NamespacedValidatingPolicy/x', environment_label: 'env' },
    ],
    ['an annotation that is none', { branch_annotation: 'a b' }],
  ])('are refused with words for who writes them: %s', (_, settings) => {
    expect(() => gateTarget('image-policy', { ...SETTINGS, ...settings })).toThrow(
      expect.objectContaining({
        code: 'gate-settings',
        message: expect.stringMatching(/^gate image-policy: /),
      }),
    );
  });

  it('take several policies, and image policies under another guard', () => {
    const policy = 'ValidatingPolicy/a, ImageValidatingPolicy/b';
    expect(gateTarget('image-policy', { policy, guard: 'condition' }).policies).toEqual([
      { kind: 'ValidatingPolicy', name: 'a' },
      { kind: 'ImageValidatingPolicy', name: 'b' },
    ]);
  });

  it('leave a gate out of the watch when they are wrong', () => {
    const found = gateTargets([
      ['wrong', { kind: 'kyverno' }],
      ['right', { kind: 'kyverno', settings: SETTINGS }],
      ['another', { kind: 'opa', settings: SETTINGS }],
    ]);
    expect([...found.keys()]).toEqual(['right']);
  });
});
