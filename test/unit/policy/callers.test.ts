import { describe, expect, it } from 'vitest';
import { canonicalJson, type JsonValue } from '#ledger/canonical-json';
import { policyShape } from '#ledger/export/policy-shape';
import { compiled, mistakesIn, SAMPLE } from './sample.ts';

const CALLER = `callers:
  - name: checkout CI
    issuer: https://token.actions.githubusercontent.com
    kind: github
    match: { repository_id: 123, repository_owner_id: "9" }
    gates: [image-policy]
    services: [checkout]
`;
const withCaller = (part = '', instead = ''): string => {
  if (!CALLER.includes(part)) throw new Error(`the caller has no ${part}`);
  return `${SAMPLE}${CALLER.replace(part, () => instead)}`;
};
const LINE = SAMPLE.split('\n').length;

describe('callers', () => {
  it('are read as written, ids as text', () => {
    expect(compiled(withCaller()).policy.callers).toEqual([
      {
        name: 'checkout CI',
        issuer: 'https://token.actions.githubusercontent.com',
        kind: 'github',
        match: { repository_id: '123', repository_owner_id: '9' },
        gates: ['image-policy'],
        services: ['checkout'],
        environments: null,
      },
    ]);
  });

  it('leave the digest of a policy without any as it was, and change it otherwise', () => {
    const none = compiled(SAMPLE);
    expect(none.policy).not.toHaveProperty('callers');
    expect(compiled(`${SAMPLE}callers: []\n`).digest).toBe(none.digest);
    expect(compiled(withCaller()).digest).not.toBe(none.digest);
  });

  it('stand in an export as they are', () => {
    const { policy, documentDigest: document } = compiled(withCaller());
    const content = { ...policy, document, template: null };
    const json = JSON.parse(
      new TextDecoder().decode(canonicalJson(content as unknown as JsonValue)),
    ) as JsonValue;
    expect(policyShape(json, '')).toEqual({ ok: true, value: content });
  });
});

describe('a mistake in a caller is told with its reason:', () => {
  const named = (part: string, instead: string) => mistakesIn(withCaller(part, instead));
  const MATCH = '{ repository_id: 123, repository_owner_id: "9" }';

  it.each([
    [
      'sub',
      MATCH,
      '{ repository_id: 1, repository_owner_id: 9, sub: "repo:acme/checkout:ref:x" }',
      `callers[0].match.sub: callers are not matched by "sub": its form is the issuer’s to change, and names in it can be taken over by somebody else → Match \`repository_id\` and \`repository_owner_id\` instead.`,
    ],
    [
      'a name in place of an id',
      MATCH,
      '{ repository: acme/checkout, repository_owner_id: 9 }',
      `callers[0].match: "repository_id" is missing: without it, others could be taken for this caller → Write \`repository_id\`, as tokens of this caller have it.`,
    ],
    [
      'nothing to match',
      MATCH,
      '{}',
      'callers[0].match: names nothing, so every token of this issuer would match → Write the claims that only this caller has.',
    ],
    [
      'a gate that is not there',
      '[image-policy]',
      '[image-polcy]',
      'callers[0].gates[0]: there is no gate "image-polcy" → Did you mean `image-policy`?',
    ],
    [
      'a service that is not there',
      'services: [checkout]',
      'services: [chekout]',
      'callers[0].services[0]: there is no service "chekout" → Did you mean `checkout`?',
    ],
    [
      'an environment that none of its services has',
      'services: [checkout]',
      'services: [checkout]\n    environments: [prodution]',
      'callers[0].environments[0]: there is no environment "prodution" → Did you mean `production`?',
    ],
    [
      'http',
      'https://token',
      'http://token',
      'callers[0].issuer: "http://token.actions.githubusercontent.com" cannot stand here → Write `https://…` without a query, letter by letter as tokens name it; http is for 127.0.0.1.',
    ],
    [
      'a key it does not know',
      'services: [checkout]',
      'services: [checkout]\n    environment: [production]',
      'callers[0].environment: unknown key "environment" → Did you mean `environments`?',
    ],
  ])('%s', (_, part, instead, told) => {
    const found = named(part, instead);
    expect(found.map((one) => one.replace(/^\d+:\d+ /, ''))).toEqual([told]);
    expect(Number(found[0]?.split(':')[0])).toBeGreaterThanOrEqual(LINE);
  });

  it('a cluster without environments', () => {
    const cluster = withCaller('kind: github', 'kind: kubernetes').replace(
      MATCH,
      '{ namespace: deploys, service_account: deployer }',
    );
    expect(mistakesIn(cluster)).toEqual([
      expect.stringContaining('is missing: tokens of Kubernetes name no environment'),
    ]);
  });
});
