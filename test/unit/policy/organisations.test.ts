import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { policyVersion } from '#application/policy/apply-policy';
import { readCases } from '#application/policy/cases/read-cases';
import { runCase } from '#application/policy/cases/run-case';
import { compiled, parse } from './sample.ts';

const ORGANISATIONS = ['start-up', 'bank', 'platform'];

const textOf = (organisation: string, file: string): string =>
  readFileSync(
    new URL(`../../../examples/organisations/${organisation}/${file}`, import.meta.url),
    'utf8',
  );

const casesOf = (organisation: string) => {
  const read = readCases(textOf(organisation, 'policy.tests.yaml'));
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes, null, 2));
  return read.cases;
};

describe.each(ORGANISATIONS)('the policy of a %s', (organisation) => {
  it('can be used', () => {
    expect(parse(textOf(organisation, 'policy.yaml'))).toMatchObject({ ok: true, warnings: [] });
  });

  const version = policyVersion(compiled(textOf(organisation, 'policy.yaml')), null, 'T01');

  it.each(casesOf(organisation).map((one) => [one.policyCase.name, one.policyCase] as const))(
    '%s',
    (_, policyCase) => {
      expect(runCase(version, policyCase)).toEqual([]);
    },
  );
});

it('has forty gates at the platform team', () => {
  expect(Object.keys(compiled(textOf('platform', 'policy.yaml')).policy.gates)).toHaveLength(40);
});
