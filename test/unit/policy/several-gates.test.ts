import { describe, expect, it } from 'vitest';
import { canonicalJson, type JsonValue } from '#ledger/canonical-json';
import { policyShape } from '#ledger/export/policy-shape';
import { compiled, mistakesIn, SAMPLE } from './sample.ts';

const together = (gates: string, more = ''): string => {
  if (!SAMPLE.includes('gates:')) throw new Error('the sample names no gates');
  const named = `gates:\n  admission: { kind: opa }\n  ship-it: { kind: all, gates: ${gates}${more} }\n`;
  return SAMPLE.replace('gates:\n', () => named);
};
const WHOLE = together('[image-policy, admission]', ', description: All at once');

const exported = (change: (policy: { gates: Readonly<Record<string, object>> }) => void) => {
  const { policy, documentDigest: document } = compiled(WHOLE);
  const content = structuredClone({ ...policy, document, template: null });
  change(content);
  const json = JSON.parse(
    new TextDecoder().decode(canonicalJson(content as unknown as JsonValue)),
  ) as JsonValue;
  return policyShape(json, '');
};

describe('several gates at once', () => {
  it('are read in the order of their names, however they are written', () => {
    expect(compiled(WHOLE).policy.gates['ship-it']).toEqual({
      kind: 'all',
      description: 'All at once',
      verifiedFacts: false,
      gates: ['admission', 'image-policy'],
    });
    expect(
      compiled(together('[admission, image-policy]', ', description: All at once')).digest,
    ).toBe(compiled(WHOLE).digest);
  });

  it('leave every other gate as it is', () => {
    expect(compiled(SAMPLE).policy.gates['image-policy']).not.toHaveProperty('gates');
  });

  it.each([
    [
      'one that is not there',
      '[image-policy, admision]',
      'there is no gate "admision"',
      'Did you mean `admission`?',
    ],
    [
      'one twice',
      '[image-policy, admission, admission]',
      '"admission" stands here twice',
      'Write it once.',
    ],
    [
      'itself',
      '[image-policy, ship-it]',
      '"ship-it" is of kind `all` itself',
      'Name its gates instead: `image-policy`, `ship-it`.',
    ],
    [
      'one alone',
      '[image-policy]',
      '',
      'Write two gates or more; one alone is asked for by its own name.',
    ],
    [
      'too many',
      `[${Array.from({ length: 21 }, (_, n) => `g${n}`).join(', ')}]`,
      '',
      'Write at most 20 gates.',
    ],
  ])('are refused with a remedy where they name %s', (_, gates, message, remedy) => {
    const found = mistakesIn(together(gates));
    expect(found.some((one) => one.includes(message) && one.endsWith(`→ ${remedy}`))).toBe(true);
    expect(found.filter((one) => !one.includes(' gates.ship-it'))).toEqual([]);
  });

  it('have facts verified by each of them, and no say of their own', () => {
    const [mistake] = mistakesIn(together('[image-policy, admission]', ', verified_facts: true'));
    expect(mistake).toContain(' gates.ship-it.verified_facts: ');
  });

  it('are nothing that a caller asks at', () => {
    const caller = `callers:
  - name: checkout CI
    issuer: https://token.actions.githubusercontent.com
    kind: github
    match: { repository_id: 123, repository_owner_id: "9" }
    gates: [ship-it]
    services: [checkout]
`;
    expect(mistakesIn(`${WHOLE}${caller}`)).toEqual([
      '29:13 callers[0].gates[0]: nothing enforces under "ship-it", which is of kind `all` → ' +
        'Name the gates themselves: `image-policy`, `admission`.',
    ]);
  });

  it('stand in an export as they are', () => {
    expect(exported(() => undefined)).toMatchObject({ ok: true });
  });

  it.each([
    ['a gate that is not there', ['admission', 'gone']],
    ['several again', ['admission', 'ship-it']],
    ['one twice', ['admission', 'admission']],
    ['another order', ['image-policy', 'admission']],
    ['one alone', ['admission']],
    ['a name that reads as two', ['admission', 'a b']],
  ])('do not stand there with %s', (_, gates) => {
    const read = exported((policy) => {
      const odd = { kind: 'http', description: '', verifiedFacts: false };
      Object.assign(policy.gates, { 'a b': odd });
      Object.assign(policy.gates['ship-it'] ?? {}, { gates });
    });
    expect(read).toEqual({ ok: false, path: '.gates.ship-it.gates' });
  });
});
