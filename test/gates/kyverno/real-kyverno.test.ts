import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { tenantId } from '#domain/ids';
import { gateTarget } from '#gates/kyverno/gate-target';
import { policyException, type PolicyException } from '#gates/kyverno/policy-exception';
import { startFakeCluster } from '#test/support/gates/fake-cluster';
import { findProgram } from '#test/support/gates/find-program';
import { pushAndDie } from '#test/support/gates/push-and-die';
import { POLICY_EXCEPTION_SPEC } from '#test/support/gates/policy-exception-schema';
import { ARTIFACT, wanted } from '#test/support/gates/wanted';
import { keptFile } from '#test/support/interop/programs';
import { tell } from '#test/support/interop/results';
import { pause } from '#test/support/interop/run-program';

const EXAMPLE = fileURLToPath(new URL('../../../examples/gates/kyverno/', import.meta.url));
const POLICY = join(EXAMPLE, 'policy.yaml');
const LATER = Date.parse('2036-11-22T12:00:00Z');
const BEFORE = Date.parse('2026-01-01T00:00:00Z');

const program = findProgram('kubectl-kyverno', 'KYVERNO_BIN', 'kyverno');
const built = '`npm run interop` builds it, or name one in KYVERNO_BIN';
const why = program === undefined ? ` (skipped: no kubectl-kyverno: ${built})` : '';

const kept = process.env['KYVERNO_CRD'] ?? keptFile('kyverno');
const whyNoCrd = existsSync(kept) ? '' : ' (skipped: name that file in KYVERNO_CRD)';

describe.skipIf(!existsSync(kept))(`the definition of PolicyException${whyNoCrd}`, () => {
  it('is what the schema of the tests says', () => {
    const definition = parse(readFileSync(kept, 'utf8')) as {
      spec: { versions: { name: string; schema: { openAPIV3Schema: { properties: object } } }[] };
    };
    const v1 = definition.spec.versions.find(({ name }) => name === 'v1');
    expect(withoutDescriptions(v1?.schema.openAPIV3Schema.properties)).toMatchObject({
      spec: POLICY_EXCEPTION_SPEC,
    });
  });
});

/** Of schemas: a property may be called `description`, so only texts go. */
function withoutDescriptions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDescriptions);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([name, member]) => name !== 'description' || typeof member !== 'string',
  );
  return Object.fromEntries(kept.map(([name, member]) => [name, withoutDescriptions(member)]));
}

const IMAGE = `example.com/checkout@${ARTIFACT}`;

function pod(change: { labels?: object; namespace?: string; spec?: object } = {}) {
  const {
    labels = { 'app.kubernetes.io/name': 'checkout' },
    namespace = 'production',
    spec,
  } = change;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'checkout', namespace, labels },
    spec: { containers: [{ name: 'app', image: IMAGE }], ...spec },
  };
}

function exception(guard: string, bypass: ReturnType<typeof wanted>): PolicyException {
  const settings = { policy: 'ValidatingPolicy/release-images', guard, allow_delete_only: 'true' };
  const place = { tenant: tenantId('acme'), namespace: 'breakglass-exceptions' };
  const target = gateTarget('image-policy', settings);
  return policyException({ ...place, gate: 'image-policy', target }, bypass);
}

/** What the CLI counts: how many rules failed, passed, were skipped, or broke. */
async function applied(resource: object, exceptionOf?: object) {
  const folder = await mkdtemp(join(tmpdir(), 'kyverno-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [resourceFile, exceptionFile] = [join(folder, 'pod.yaml'), join(folder, 'exception.yaml')];
  await writeFile(resourceFile, JSON.stringify(resource));
  await writeFile(exceptionFile, JSON.stringify(exceptionOf ?? null));
  const args = ['apply', POLICY, '--resource', resourceFile];
  if (exceptionOf !== undefined) args.push('--exception', exceptionFile);
  const { stdout, stderr } = spawnSync(program ?? '', args, { encoding: 'utf8' });
  const counts = /pass: (\d+), fail: (\d+), warn: \d+, error: (\d+), skip: (\d+)/.exec(stdout);
  if (counts === null) throw new Error(`the CLI counted nothing: ${stdout}${stderr}`);
  const [pass, fail, error, skip] = counts.slice(1).map(Number);
  return { pass, fail, error, skip };
}

type Verdict = Awaited<ReturnType<typeof applied>>;

/** Holds a verdict of the CLI against ours, and puts it into the table of `npm run interop`. */
function judges(check: string, verdict: Verdict, expected: Verdict): void {
  const { pass = 0, fail = 0, skip = 0 } = verdict;
  const outcome = fail > 0 ? 'denied' : skip > 0 ? 'skipped' : pass > 0 ? 'passed' : 'an error';
  const agrees = isDeepStrictEqual(verdict, expected);
  tell({ world: 'a pod at Kyverno', check, by: 'kyverno apply', outcome, agrees });
  expect(verdict).toEqual(expected);
}

const FAILS = { pass: 0, fail: 1, error: 0, skip: 0 };
const PASSES = { pass: 1, fail: 0, error: 0, skip: 0 };
const SKIPS = { pass: 0, fail: 0, error: 0, skip: 1 };

describe.skipIf(program === undefined)(`a real Kyverno${why}`, () => {
  beforeAll(() => {
    expect(spawnSync(program ?? '', ['version']).status).toBe(0);
  });

  it('denies without an exception, and passes what the policy passes', async () => {
    judges('without an exception', await applied(pod()), FAILS);
    const released = { containers: [{ name: 'app', image: 'registry.acme.example/release/x' }] };
    judges('that the policy passes', await applied(pod({ spec: released })), PASSES);
  });

  it('denies a debug container that comes to a pod which passes', async () => {
    const app = { name: 'app', image: 'registry.acme.example/release/checkout:1' };
    const debug = { containers: [app], ephemeralContainers: [{ name: 'debug', image: 'busybox' }] };
    judges('a debug container', await applied(pod({ spec: debug })), FAILS);
  });

  it('shows what the page shows', () => {
    const files = ['--resource', join(EXAMPLE, 'pod.yaml')];
    const apply = (...more: readonly string[]) =>
      spawnSync(program ?? '', ['apply', POLICY, ...files, ...more], { encoding: 'utf8' });
    const without = apply();
    expect(without.stdout).toContain('pass: 0, fail: 1, warn: 0, error: 0, skip: 0');
    expect(without.status).toBe(1);
    const under = apply('--exception', join(EXAMPLE, 'exception.yaml'));
    expect(under.stdout).toContain('pass: 1, fail: 0, warn: 0, error: 0, skip: 0');
    expect(under.status).toBe(0);
  });

  it('lets a bypass pass where the policy reads the expiry, and not after it', async () => {
    const open = exception('policy', wanted('b1'));
    judges('under a bypass (policy)', await applied(pod(), open), PASSES);
    const over = exception('policy', wanted('b1', { expiresAt: BEFORE }));
    // Kyverno itself drops an exception by `expiresAt`; here it is the policy that has to end it.
    const guarded = { ...over, spec: { ...over.spec, expiresAt: new Date(LATER).toISOString() } };
    judges('after its expiry, by the policy alone', await applied(pod(), guarded), FAILS);
    judges('after its expiry (policy)', await applied(pod(), over), FAILS);
  });

  it('skips under a match condition that guards the time, and not after it', async () => {
    const open = exception('condition', wanted('b1'));
    judges('under a bypass (condition)', await applied(pod(), open), SKIPS);
    const over = exception('condition', wanted('b1', { expiresAt: BEFORE }));
    const guarded = { ...over, spec: { ...over.spec, expiresAt: new Date(LATER).toISOString() } };
    judges('after its expiry (condition)', await applied(pod(), guarded), FAILS);
  });

  it('denies, is bypassed by what was written, and denies again at the expiry, with the service killed', async () => {
    const cluster = await startFakeCluster();
    onTestFinished(() => cluster[Symbol.asyncDispose]());
    const folder = await mkdtemp(join(tmpdir(), 'kyverno-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const tokenFile = join(folder, 'token');
    await writeFile(tokenFile, cluster.token);
    expect(await applied(pod())).toEqual(FAILS);
    // Starting over with more time is for slow machines: the bypass must be seen before it ends.
    for (const ttlMs of [5_000, 30_000, 120_000]) {
      const expiresAt = await pushAndDie('kyverno', cluster.url, ttlMs, tokenFile);
      const [written] = cluster.exceptions.values();
      if (written === undefined) throw new Error('nothing was written');
      // Each run of the CLI reads `expiresAt` anew, and a cluster does not: so the policy is alone here.
      const spec = { ...written.spec, expiresAt: new Date(LATER).toISOString() };
      const first = await applied(pod(), written);
      if (first.fail === 1) continue;
      judges('under what was written, the service killed', first, PASSES);
      while (Date.now() < expiresAt) await pause();
      const alone = await applied(pod(), { ...written, spec });
      judges('at the expiry, by the policy alone', alone, FAILS);
      judges('at the expiry, the service still dead', await applied(pod(), written), FAILS);
      return;
    }
    expect.unreachable('no bypass was seen');
  }, 300_000);

  it.each([
    ['another service', { labels: { 'app.kubernetes.io/name': 'ledger' } }],
    ['no service', { labels: {} }],
    ['another environment', { namespace: 'staging' }],
    [
      'another artifact',
      { spec: { containers: [{ name: 'a', image: `x@sha256:${'3'.repeat(64)}` }] } },
    ],
    ['a tag', { spec: { containers: [{ name: 'a', image: 'example.com/checkout:1' }] } }],
    [
      'a second image',
      {
        spec: {
          containers: [
            { name: 'a', image: IMAGE },
            { name: 'b', image: 'example.com/other:1' },
          ],
        },
      },
    ],
    [
      'an image before it',
      { spec: { initContainers: [{ name: 'i', image: 'example.com/init:1' }] } },
    ],
  ])('denies outside of the scope: %s', async (what, change) => {
    for (const guard of ['policy', 'condition']) {
      const open = exception(guard, wanted('b1'));
      judges(`beside the scope: ${what} (${guard})`, await applied(pod(change), open), FAILS);
    }
  });

  it('takes names for names, whatever they hold', async () => {
    const service = "a' || true || '";
    const named = wanted('b1', { scope: { service, artifact: null } });
    judges('with a name that is CEL', await applied(pod(), exception('condition', named)), FAILS);
  });
});
