import { globSync, readFileSync } from 'node:fs';

/** What stands as the `prefix` of a route anywhere in the source: a literal, or a constant's name. */
export function prefixesInSource(): ReadonlySet<string> {
  const files = globSync('src/{http,gates,runtime}/**/*.ts');
  const found = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/\bprefix: ('\/[^']*'|[A-Z_]+)[ ,]/g)].map(
      ([, name]) => name ?? '',
    ),
  );
  return new Set(found);
}

/** Each of them, and where it is tried with another tenant's ids; a new one fails the test. */
export const TRIED: Readonly<Record<string, string>> = {
  DECISIONS_PATH: 'as the API describes it',
  GATES_PATH: 'as the API describes it',
  DECISION_KEYS_PATH: 'as the API describes it',
  OPENAPI_PATH: 'as the API describes it',
  LOG_PATH: 'as the API describes it',
  STATISTICS_PATH: 'as the API describes it',
  INCIDENTS_PATH: 'as the API describes it',
  "'/livez'": 'as the API describes it',
  "'/readyz'": 'as the API describes it',
  "'/startupz'": 'as the API describes it',
  SIGN_IN_PATH: 'with ids in place of links',
  DECIDE_PATH: 'with ids in place of links',
  OPA_WATCH_PATH: 'with the bypass of another tenant',
  KYVERNO_WATCH_PATH: 'names no id: what it says is of the one tenant that its token is of',
  GITHUB_WEBHOOK_PATH: 'names no id: what it says is of the one tenant that its secret is of',
  INSTALL_PATH:
    'names no id but a link that its invitation holds: test/postgres/application/installations.test.ts',
  SLACK_PATH: 'by everything that is listened to in Slack',
  METRICS_PATH: 'takes no input, and tells of no tenant: test/unit/runtime/observe',
  "'/.well-known/openid-configuration'": 'takes no input, and tells of no tenant',
  "'/.well-known/jwks.json'": 'takes no input, and tells of no tenant',
};
