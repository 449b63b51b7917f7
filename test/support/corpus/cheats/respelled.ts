import type { JsonValue } from '#ledger/canonical-json';
import type { Unreadable } from './lines.ts';

type Lines = readonly string[];

const POLICY_AT = 1;
/** Behind the header, two policies, the start of the log and its first policy. */
const ENROLMENT_AT = 5;
const AT = 20;
const SALT = 'AAAAAAAAAAAAAAAAAAAAAA==';
const NOT_AS_WRITTEN = 'it is not written as an export writes what it says';

const replaced = (at: number, to: (line: string) => string) => (lines: Lines) =>
  lines.with(at, to(lines[at] ?? ''));

/** The first policy with another member, however deep; `path` such as `tiers.0.pendingMs`. */
const policyWith = (path: string, value: JsonValue) =>
  replaced(POLICY_AT, (line) => {
    const { policy } = JSON.parse(line) as { policy: { digest: string; content: object } };
    const names = path.split('.');
    const last = names.pop() ?? '';
    let at = policy.content as Record<string, unknown>;
    for (const name of names) at = at[name] as Record<string, unknown>;
    at[last] = value;
    return JSON.stringify({ policy });
  });

const misshapen = (path: string, value: JsonValue, told: string): Unreadable => ({
  name: `a policy with what no document can say at ${path}: ${JSON.stringify(value).slice(0, 60)}`,
  apply: policyWith(path, value),
  line: POLICY_AT + 1,
  words: `it has a wrong form at $.policy.content.${told}`,
});

const many = (count: number, item: JsonValue): JsonValue =>
  Array.from({ length: count }, () => item);
const HUGE = Number.MAX_SAFE_INTEGER;

/** Lines that two readers would read differently, or that would keep one busy. */
export const RESPELLED: readonly Unreadable[] = [
  {
    name: 'another value shown before the true one, under the same name',
    apply: replaced(ENROLMENT_AT, (line) =>
      line.replace(
        '"email":{',
        `"email":{"salt":"${SALT}","value":"mallory@evil.example"},"email":{`,
      ),
    ),
    line: ENROLMENT_AT + 1,
    words: NOT_AS_WRITTEN,
  },
  {
    name: 'another statement before the true one, under the same name',
    apply: replaced(AT, (line) => line.replace('"statement":', '"statement":"","statement":')),
    line: AT + 1,
    words: NOT_AS_WRITTEN,
  },
  {
    name: 'the name of a member escaped',
    apply: replaced(AT, (line) => line.replace('"index"', String.raw`"\u0069ndex"`)),
    line: AT + 1,
    words: NOT_AS_WRITTEN,
  },
  {
    name: 'a space',
    apply: replaced(AT, (line) => `${line} `),
    line: AT + 1,
    words: NOT_AS_WRITTEN,
  },
  {
    name: 'values nested in each other without end',
    apply: replaced(AT, (line) =>
      line.replace('"envelope":{', `"envelope":{"x":${'['.repeat(3e5)}${']'.repeat(3e5)},`),
    ),
    line: AT + 1,
    words: 'its values lie too deep in each other',
  },
  misshapen('postMortem.due', { businessDays: HUGE }, 'postMortem.due.businessDays'),
  misshapen('postMortem.due', { ms: HUGE }, 'postMortem.due.ms'),
  misshapen('postMortem.remindMs', [-HUGE], 'postMortem.remindMs[0]'),
  misshapen('waitingLimit', HUGE, 'waitingLimit'),
  misshapen(
    'tiers.0.requirements',
    [{ from: 'peers', count: 4_294_967_294 }],
    'tiers[0].requirements[0].count',
  ),
  misshapen('tiers.0.requirements', many(21, { from: 'peers', count: 1 }), 'tiers[0].requirements'),
  misshapen('tiers.0.ttlOffersMs', many(101, 1), 'tiers[0].ttlOffersMs'),
  misshapen('tiers.0.pendingMs', HUGE, 'tiers[0].pendingMs'),
  misshapen('tiers.0.escalation', many(21, { afterMs: 1, add: [] }), 'tiers[0].escalation'),
  misshapen(
    'tiers.0.requirements',
    [{ from: 'peers', count: 0 }],
    'tiers[0].requirements[0].count',
  ),
  misshapen('tiers.0.requirements', [], 'tiers[0].requirements'),
];
