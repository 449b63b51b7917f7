import { expect, test } from 'vitest';
import { claimedFacts, claimText } from '#application/decision/claimed-facts';
import type { CallerKind } from '#domain/policy/policy';

const NOTHING = { environment: null, branch: null, commit: null };

test.each<[string, CallerKind, Record<string, unknown>, object]>([
  [
    'GitHub writes the whole ref',
    'github',
    { environment: 'production', ref: 'refs/heads/release/1', ref_type: 'branch', sha: 'c0ffee' },
    { environment: 'production', branch: 'release/1', commit: 'c0ffee' },
  ],
  [
    'a tag of GitHub is no branch',
    'github',
    { ref: 'refs/tags/main', ref_type: 'tag', sha: 'c0ffee' },
    { ...NOTHING, noBranch: true, commit: 'c0ffee' },
  ],
  [
    'a pull request is none either',
    'github',
    { ref: 'refs/pull/7/merge', ref_type: 'branch' },
    { ...NOTHING, noBranch: true },
  ],
  [
    'GitLab writes the name',
    'gitlab',
    { environment: 'production', ref: 'main', ref_type: 'branch', sha: 'c0ffee' },
    { environment: 'production', branch: 'main', commit: 'c0ffee' },
  ],
  [
    'a tag of GitLab is no branch',
    'gitlab',
    { ref: 'main', ref_type: 'tag' },
    { ...NOTHING, noBranch: true },
  ],
  [
    'another issuer says it plainly',
    'oidc',
    { environment: 'production', branch: 'main', commit: 'c0ffee', ref: 'x', sha: 'y' },
    { environment: 'production', branch: 'main', commit: 'c0ffee' },
  ],
  ['Kubernetes says nothing', 'kubernetes', { environment: 'production', branch: 'x' }, NOTHING],
  ['what is no text says nothing', 'oidc', { environment: ['production'], branch: {} }, NOTHING],
  ['what is empty says nothing', 'oidc', { environment: '', branch: null }, NOTHING],
])('%s', (_, kind, claims, facts) => {
  expect(claimedFacts(kind, claims)).toEqual(facts);
});

test('claims are compared as text, those of a cluster by flat names', () => {
  expect(claimText('gitlab', { project_id: 7 }, 'project_id')).toBe('7');
  expect(claimText('oidc', {}, 'toString')).toBeNull();
  const pod = {
    'kubernetes.io': {
      namespace: 'deploys',
      pod: { name: 'p-1' },
      serviceaccount: { name: 'deployer', uid: 'u-1' },
    },
    namespace: 'forged',
  };
  const names = ['namespace', 'service_account', 'service_account_uid', 'pod'];
  expect(names.map((name) => claimText('kubernetes', pod, name))).toEqual([
    'deploys',
    'deployer',
    'u-1',
    'p-1',
  ]);
  expect(claimText('kubernetes', { 'kubernetes.io': 'text' }, 'namespace')).toBeNull();
});
