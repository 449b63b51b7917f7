import { describe, expect, it } from 'vitest';
import { POLICY_LIMITS } from '#domain/policy/policy-limits';
import type { PolicyContent } from '#domain/policy/policy';
import type { JsonValue } from '#ledger/canonical-json';
import { digestOf } from '#ledger/digest';
import { policyShape } from '#ledger/export/policy-shape';
import { compiled, mistakesIn, SAMPLE, sampleWith } from './sample.ts';

const { tiers, requirements, ttlOffers, reminders, escalationSteps } = POLICY_LIMITS;
const times = (count: number, item: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => item(n)).join(', ');

const LOW = '    ttl: { offer: [15m, 1h], max: 4h }\n';
const lowWith = (line: string): string => sampleWith(LOW, `${LOW}    ${line}\n`);
const withPostMortem = (line: string): string => `${SAMPLE}post_mortem: { ${line} }\n`;
const withGroups = (count: number): string =>
  sampleWith(
    'groups:\n',
    `groups:\n${times(count, (n) => `\n  g${n}: { slack: [U1${n}] }`).replaceAll(',', '')}\n`,
  );

/** The document at the limit, and one past it. */
const LIMITS: readonly (readonly [string, (past: number) => string])[] = [
  ['requirement', (past) => sampleWith('engineers, count: 1', `engineers, count: ${20 + past}`)],
  ['business days', (past) => withPostMortem(`due: ${999 + past} business days`)],
  ['span', (past) => withPostMortem(`due: ${999_999 + past}d`)],
  [
    'reminders',
    (past) => withPostMortem(`remind: [${times(reminders + past, (n) => `${n + 1}m after`)}]`),
  ],
  ['waiting', (past) => `${SAMPLE}limits: { waiting: ${100 + past} }\n`],
  ['requests a day', (past) => `${SAMPLE}limits: { per_day: ${1_000 + past} }\n`],
  [
    'TTL offers',
    (past) =>
      sampleWith(
        'offer: [15m, 1h], max: 4h',
        `offer: [${times(ttlOffers + past, (n) => `${n + 10}s`)}], max: 4h`,
      ),
  ],
  [
    'escalation',
    (past) =>
      lowWith(
        `escalate: [${times(escalationSteps + past, (n) => `{ after: ${n + 1}m, add: [release] }`)}]`,
      ),
  ],
  [
    'requirements',
    (past) =>
      withGroups(requirements + past).replace(
        'require: [{ from: release, count: 2 }]',
        `require: [${times(requirements + past, (n) => `{ from: g${n}, count: 1 }`)}]`,
      ),
  ],
  [
    'tiers',
    (past) =>
      sampleWith(
        'tiers:\n',
        `tiers:\n${Array.from({ length: tiers - 2 + past }, (_, n) => `  t${n}:\n    require: [{ from: release, count: 1 }]\n${LOW}`).join('')}`,
      ),
  ],
];

describe.each(LIMITS)('a policy with as much as may be: %s', (_, document) => {
  it('is applied, and the export that holds it is read', () => {
    expect(policyShape(contentOf(document(0)), '$')).toMatchObject({ ok: true });
  });

  it('is not applied with one more', () => {
    expect(mistakesIn(document(1))).not.toEqual([]);
  });
});

it('is not read from an export with more rules than a document has room for', () => {
  const content = contentOf(SAMPLE) as { readonly rules: readonly JsonValue[] };
  const rules = (count: number): JsonValue => ({
    ...content,
    rules: Array.from({ length: count }, () => content.rules[0] ?? null),
  });
  expect(policyShape(rules(POLICY_LIMITS.rules), '$')).toMatchObject({ ok: true });
  expect(policyShape(rules(POLICY_LIMITS.rules + 1), '$')).toEqual({ ok: false, path: '$.rules' });
});

function contentOf(text: string): JsonValue {
  const { policy } = compiled(text);
  const content: PolicyContent = { ...policy, document: digestOf(text), template: null };
  return JSON.parse(JSON.stringify(content)) as JsonValue;
}
