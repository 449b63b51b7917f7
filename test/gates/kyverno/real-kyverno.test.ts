import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { tenantId } from '#domain/ids';
import { gateTarget } from '#gates/kyverno/gate-target';
import { policyException, type PolicyException } from '#gates/kyverno/policy-exception';
import { findProgram } from '#test/support/gates/find-program';
import { POLICY_EXCEPTION_SPEC } from '#test/support/gates/policy-exception-schema';
import { ARTIFACT, wanted } from '#test/support/gates/wanted';
import { keptFile } from '#test/support/interop/programs';

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

const FAILS = { pass: 0, fail: 1, error: 0, skip: 0 };
const PASSES = { pass: 1, fail: 0, error: 0, skip: 0 };
const SKIPS = { pass: 0, fail: 0, error: 0, skip: 1 };

describe.skipIf(program === undefined)(`a real Kyverno${why}`, () => {
  beforeAll(() => {
    expect(spawnSync(program ?? '', ['version']).status).toBe(0);
  });

  it('denies without an exception, and passes what the policy passes', async () => {
    expect(await applied(pod())).toEqual(FAILS);
    const released = { containers: [{ name: 'app', image: 'registry.acme.example/release/x' }] };
    expect(await applied(pod({ spec: released }))).toEqual(PASSES);
  });

  it('lets a bypass pass where the policy reads the expiry, and not after it', async () => {
    expect(await applied(pod(), exception('policy', wanted('b1')))).toEqual(PASSES);
    const over = exception('policy', wanted('b1', { expiresAt: BEFORE }));
    // Kyverno itself drops an exception by `expiresAt`; here it is the policy that has to end it.
    const guarded = { ...over, spec: { ...over.spec, expiresAt: new Date(LATER).toISOString() } };
    expect(await applied(pod(), guarded)).toEqual(FAILS);
    expect(await applied(pod(), over)).toEqual(FAILS);
  });

  it('skips under a match condition that guards the time, and not after it', async () => {
    expect(await applied(pod(), exception('condition', wanted('b1')))).toEqual(SKIPS);
    const over = exception('condition', wanted('b1', { expiresAt: BEFORE }));
    const guarded = { ...over, spec: { ...over.spec, expiresAt: new Date(LATER).toISOString() } };
    expect(await applied(pod(), guarded)).toEqual(FAILS);
  });

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
  ])('denies outside of the scope: %s', async (_, change) => {
    for (const guard of ['policy', 'condition'])
      expect(await applied(pod(change), exception(guard, wanted('b1')))).toEqual(FAILS);
  });

  it('takes names for names, whatever they hold', async () => {
    const service = "a' || true || '";
    const named = wanted('b1', { scope: { service, artifact: null } });
    expect(await applied(pod(), exception('condition', named))).toEqual(FAILS);
  });
});
