import { expect, test } from 'vitest';
import { mistakesIn, sampleWith } from './sample.ts';

const mistakes = (gate: string): readonly string[] =>
  mistakesIn(sampleWith('{ kind: http }', `{ ${gate} }`));

const GITHUB = 'kind: github, repository: acme/checkout, repository_id: 1234';
const KYVERNO = 'kind: kyverno, policy: ValidatingPolicy/release-images';

test.each([
  GITHUB,
  `${GITHUB}, repository_owner_id: "9", environment: production, wraps: cosign, wraps_app_id: 77, service: checkout`,
  `${GITHUB}, check: break-glass, environment: production, wraps: cosign, wraps_app_id: "77"`,
  'kind: gitlab',
  'kind: opa, path: deploy/decision',
  KYVERNO,
  `${KYVERNO}, guard: condition, service_label: app, environment_label: env`,
  'kind: kyverno, policy: "ValidatingPolicy/one, NamespacedValidatingPolicy/two"',
  'kind: kyverno, policy: ImageValidatingPolicy/signed, guard: condition',
])('a gate that can be used: %s', (gate) => {
  expect(mistakes(gate)).toEqual([]);
});

test.each([
  ['kind: github, repository_id: 1234', 'repository', '`owner/name` of a repository'],
  [
    'kind: github, repository: acme/checkout',
    'repository_id',
    '`gh api repos/<owner>/<name> --jq .id`',
  ],
  [GITHUB.replace('1234', 'checkout'), 'repository_id', '`gh api repos/<owner>/<name> --jq .id`'],
  [`${GITHUB}, repository_owner_id: acme`, 'repository_owner_id', '--jq .owner.id`'],
  [`${GITHUB}, check: break-glass`, 'environment', 'the environment that the check guards'],
  [`${GITHUB}, environment: production, check: a, wraps: a, wraps_app_id: 77`, 'wraps', 'another'],
  [`${GITHUB}, wraps: cosign`, 'wraps_app_id', 'whoever can push a workflow'],
  [`${GITHUB}, wraps_app_id: 77`, 'wraps', 'the App of `wraps_app_id`'],
  [
    `${GITHUB}, wraps: cosign, wraps_app_id: cosign`,
    'wraps_app_id',
    '`gh api apps/<slug> --jq .id`',
  ],
  ['kind: kyverno', 'policy', '`ValidatingPolicy/name`'],
  ['kind: kyverno, policy: release-images', 'policy', '`ValidatingPolicy/name`'],
  ['kind: kyverno, policy: ClusterPolicy/release-images', 'policy', '`ValidatingPolicy/name`'],
  [`${KYVERNO}, guard: time`, 'guard', '`policy` or `condition` or `delete`'],
  ['kind: kyverno, policy: ImageValidatingPolicy/signed', 'guard', 'reads no expiry'],
])('a gate that could not be used is refused: %s', (gate, setting, remedy) => {
  const found = mistakes(gate);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`gates.image-policy.${setting}`);
  expect(found[0]).toContain(remedy);
});

test.each([
  ['github', `${GITHUB}, workflow: deploy.yml`],
  ['gitlab', 'kind: gitlab, project: acme/checkout'],
  ['kyverno', `${KYVERNO}, cluster: eu-1`],
  ['opa', 'kind: opa, instance: eu-1'],
])('a setting that nobody would read is refused: %s', (_, gate) => {
  expect(mistakes(gate).join()).toContain('unknown key');
});
