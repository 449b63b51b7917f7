import {
  parsePolicyDocument,
  type PolicyDocumentResult,
} from '#application/policy/parse-policy-document';
import type { CompiledPolicy } from '#application/policy/compiled-policy';

/** A short document without mistakes; tests change one thing in it. */
export const SAMPLE = `version: 1
tenant: acme
services:
  checkout: { owner: release, environments: [staging, production], labels: [web] }
gates:
  image-policy: { kind: http }
groups:
  engineers: { slack_usergroup: S01ENG }
  release: { slack: [U11, U12, U13] }
requesters: [engineers]
admins: [U99]
tiers:
  low:
    require: [{ from: engineers, count: 1 }]
    ttl: { offer: [15m, 1h], max: 4h }
  high:
    require: [{ from: release, count: 2 }]
    ttl: { offer: [15m, 1h], max: 1h }
rules:
  - { when: { environment: production }, tier: high }
default: low
`;

const EVERYTHING = { sso: true, pagerduty: true };

export function parse(text: string, capabilities = EVERYTHING): PolicyDocumentResult {
  return parsePolicyDocument(text, { file: 'policy.yaml', homeTeam: 'T01', capabilities });
}

/** The sample with one part exchanged. Fails if the part is not there, so that no test goes stale. */
export function sampleWith(part: string, instead: string): string {
  if (!SAMPLE.includes(part)) throw new Error(`the sample has no ${part}`);
  return SAMPLE.replace(part, () => instead);
}

export function compiled(text: string): CompiledPolicy {
  const result = parse(text);
  if (!result.ok) throw new Error(JSON.stringify(result.mistakes, null, 2));
  return result.compiled;
}

/** `line:column path: message → remedy`, one a mistake. */
export function mistakesIn(text: string, capabilities = EVERYTHING): readonly string[] {
  const result = parse(text, capabilities);
  if (result.ok) return [];
  return result.mistakes.map(
    ({ line, column, path, message, remedy }) =>
      `${line}:${column} ${path}: ${message} → ${remedy}`,
  );
}

/** Where `¶` stands in a text, and the text without it. */
export function marked(text: string): { text: string; line: number; column: number } {
  const before = text.slice(0, text.indexOf('¶')).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return { text: text.replace('¶', ''), line: before.length, column };
}
