import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { isUnder } from '#http/compose-routes';
import { decisionProblems } from '#http/decision-problems';
import { gateProblems } from '#http/gate-problems';
import { incidentProblems } from '#http/incident-problems';
import { logProblems } from '#http/log-problems';
import { statisticsProblems } from '#http/statistics-problems';
import { openApiDocument } from '#http/openapi';

/** What others say how it is asked, and browsers; each with who says it. */
const NOT_OURS: Readonly<Record<string, string>> = {
  '/slack/events': 'Slack',
  '/v1/gates/github/webhook': 'GitHub',
  '/v1/watch/opa': 'OPA’s decision log',
  '/v1/watch/kubernetes': 'the audit webhook of Kubernetes',
  '/metrics': 'Prometheus’ exposition formats, on a port of its own',
  '/.well-known/openid-configuration': 'OpenID Connect Discovery',
  '/.well-known/jwks.json': 'OpenID Connect Discovery',
  '/sign-in': 'pages for browsers',
  '/slack/install': 'pages for browsers',
  '/decide': 'pages for browsers',
};

const SOURCES = fileURLToPath(new URL('../../../src/', import.meta.url));
const PATH_CONSTANT = /^(?:export )?const ([A-Z_]+_PATH) = '(\/[^']*)'/gm;
/** A route, where it is mounted: its prefix by name or as it is. */
const MOUNTED = /\bprefix: (?:'(?<text>\/[^']*)'|(?<name>[A-Z][A-Z_]{2,})\b)/g;

async function sources(): Promise<readonly string[]> {
  const files = await readdir(SOURCES, { recursive: true });
  const ours = files.filter((file) => file.endsWith('.ts') && !/^(?:cli|workspace)\//.test(file));
  return Promise.all(ours.map((file) => readFile(`${SOURCES}${file}`, 'utf8')));
}

/** Every prefix that something in the service is mounted at. */
async function mountedPrefixes(): Promise<readonly string[]> {
  const texts = await sources();
  const constants = new Map(
    texts.flatMap((text) =>
      [...text.matchAll(PATH_CONSTANT)].map(([, name = '', path = '']) => [name, path] as const),
    ),
  );
  const mounted = texts.flatMap((text) => [...text.matchAll(MOUNTED)]);
  const paths = mounted.map(({ groups: { text, name } = {} }) => {
    const path = text ?? constants.get(name ?? '');
    if (path === undefined) throw new RangeError(`where is ${name} mounted?`);
    return path;
  });
  return [...new Set(paths)];
}

interface Operation {
  readonly responses: Readonly<Record<string, unknown>>;
}
const { paths } = openApiDocument() as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};

test('every route that is mounted is described, or is somebody else’s to describe', async () => {
  const mounted = await mountedPrefixes();
  // A pattern that finds nothing would be content with anything.
  expect(mounted.length).toBeGreaterThanOrEqual(14);
  const described = (prefix: string) => Object.keys(paths).some((path) => isUnder(prefix, path));
  expect(mounted.filter((prefix) => !described(prefix) && !(prefix in NOT_OURS))).toEqual([]);
  expect(Object.keys(NOT_OURS).filter((prefix) => !mounted.includes(prefix))).toEqual([]);
});

test('every path that is described is mounted', async () => {
  const mounted = await mountedPrefixes();
  const nowhere = Object.keys(paths).filter(
    (path) => !mounted.some((prefix) => isUnder(prefix, path)),
  );
  expect(nowhere).toEqual([]);
});

type Refusals = Readonly<Record<string, (...args: never[]) => Response>>;
const statusesOf = (refusals: Refusals): readonly string[] => {
  const args = [{}] as never[];
  return Object.entries(refusals).map(([name, make]) =>
    String(make(...(name === 'mistakes' ? ([[]] as never[]) : args)).status),
  );
};

test.each<[string, 'get' | 'post', Refusals]>([
  ['/v1/decisions', 'post', decisionProblems],
  ['/v1/gates/{gate}/ended', 'post', gateProblems],
  ['/v1/incidents', 'post', incidentProblems],
  ['/v1/log/proof/inclusion', 'get', logProblems],
  ['/v1/statistics', 'get', statisticsProblems],
])('every refusal of %s is described', (path, method, refusals) => {
  const described = Object.keys(paths[path]?.[method]?.responses ?? {});
  expect(statusesOf(refusals).filter((status) => !described.includes(status))).toEqual([]);
});
