import { chmod, copyFile, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { RequestForm } from '#application/ports/press';
import { decisionClient } from '#test/support/application/decision-client';
import { testInstallation } from '#test/support/application/installation';
import { PEOPLE } from '#test/support/application/policy-document';
import { startGateServer, type GateServer } from '#test/support/gates/gate-server';
import { callHook } from '#test/support/gates/tools/flagger';
import { httpRequestStep, runBuild } from '#test/support/gates/tools/jenkins';
import { promote } from '#test/support/gates/tools/kargo';
import { runHook } from '#test/support/gates/tools/kubernetes-job';
import { runPipeline } from '#test/support/gates/tools/orca';
import { runShell } from '#test/support/gates/tools/run-shell';
import { measure } from '#test/support/gates/tools/web-metric';

const installation = await testInstallation();
const [replica] = installation.replicas;
const GATE_SH = fileURLToPath(new URL('../../../examples/gates/curl/gate.sh', import.meta.url));

/** A tenant, its service's gates over HTTP, and a token for one gate and the service checkout. */
async function world(gate = 'image-policy') {
  const tenant = await installation.tenant();
  const { api, token } = await decisionClient(replica, tenant, { gate, service: 'checkout' });
  const server = await startGateServer(api);
  return {
    tenant,
    token,
    server,
    activate: (form: Partial<RequestForm> = {}) => tenant.activate({ gate, ...form }),
    revoke: (bypass: Awaited<ReturnType<typeof tenant.activate>>) =>
      tenant.press(PEOPLE.release1, { kind: 'revoke', bypass, reason: 'stop' }),
    /** The service is down. */
    down: () => server[Symbol.asyncDispose](),
    deploys: async () =>
      (await tenant.events()).filter(
        ({ type }) => type === 'deploy.annotated' || type === 'deploy.finished',
      ),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

const jobEnv = (server: GateServer, token: string) => ({
  BREAKGLASS_URL: server.url,
  BREAKGLASS_TOKEN: token,
  GATE: 'image-policy',
  SERVICE: 'checkout',
  ENVIRONMENT: 'production',
  DEPLOY: 'run 7 & more',
});

test('curl: gate.sh passes by a bypass alone, and reports the end', async () => {
  await using here = await world();
  const env = jobEnv(here.server, here.token);
  const gate = (phase: string, more = {}, ...args: string[]) =>
    runShell('sh', [GATE_SH, phase, ...args], { ...env, ...more });
  const enforced = await gate('start');
  expect(enforced.code).toBe(1);
  expect(enforced.said).toContain('"reason":"no-bypass"');
  const artifact = `sha256:${'a'.repeat(64)}`;
  const scope = { service: 'checkout', environment: 'production', branch: 'hotfix', artifact };
  const bypass = await here.activate({ scope });
  const named = {
    BRANCH: 'hotfix',
    ARTIFACT: `checkout@${artifact}`,
    COMMIT: '4f0c',
    ATTEMPT: '2',
  };
  expect((await gate('start')).code).toBe(1);
  expect((await gate('start', { ...named, BRANCH: 'main' })).code).toBe(1);
  expect(await gate('start', named)).toEqual({
    code: 0,
    said: 'image-policy: a bypass covers this deploy of checkout to production\n',
  });
  expect((await gate('recheck', named)).code).toBe(0);
  expect((await gate('finish', named, 'succeeded')).code).toBe(0);
  expect(await here.deploys()).toMatchObject([
    { type: 'deploy.annotated', deploy: 'run 7 & more#2' },
    { type: 'deploy.finished', outcome: 'succeeded' },
  ]);
  await here.revoke(bypass);
  expect((await gate('recheck', named)).code).toBe(1);
});

test('curl: gate.sh enforces with another token, nothing asked for, and nobody there', async () => {
  await using here = await world();
  await here.activate();
  const env = jobEnv(here.server, here.token);
  const gate = (more: object, phase = 'start') =>
    runShell('sh', [GATE_SH, phase], { ...env, ...more });
  expect((await gate({})).code).toBe(0);
  expect((await gate({ BREAKGLASS_TOKEN: 'bg_other' })).said).toContain('status 401');
  expect((await gate({ SERVICE: 'search' })).said).toContain('"reason":"not-authorised"');
  expect((await gate({ GATE: 'migration-review' })).said).toContain('"reason":"not-authorised"');
  expect((await gate({ SERVICE: '' })).said).toContain('status 400');
  expect((await gate({ DEPLOY: '' })).code).toBe(1);
  expect((await gate({}, 'anything')).code).toBe(1);
  expect((await gate({ BREAKGLASS_URL: 'http://127.0.0.1:1' })).code).toBe(1);
  await here.down();
  const down = await gate({});
  expect(down.code).toBe(1);
  expect(down.said).toContain('status 000');
});

test('curl: a gate that wants verified facts enforces, with a bypass too', async () => {
  await using here = await world('provenance');
  await here.activate();
  const env = { ...jobEnv(here.server, here.token), GATE: 'provenance' };
  const asked = await runShell('sh', [GATE_SH, 'start'], env);
  expect(asked.code).toBe(1);
  expect(asked.said).toContain('status 403');
  expect(asked.said).toContain('"reason":"facts-not-verified"');
});

test('Argo CD: the hooks ask behind their own check, and report the end', async () => {
  await using here = await world('migration-review');
  const manifests = await here.server.example('argo-cd/hooks.yaml', here.token);
  const run = (hook: string, reviewed = 'no') =>
    runHook(manifests, hook, {
      'secret/breakglass/token': here.token,
      'config/migrations/reviewed': reviewed,
      "metadata.annotations['breakglass.acme.example/deploy']": 'argo-cd-checkout-4f0c',
    });
  expect((await run('PreSync')).code).toBe(1);
  expect((await run('PreSync', 'yes')).code).toBe(0);
  await here.activate();
  expect((await run('PreSync')).code).toBe(0);
  expect((await run('PostSync')).code).toBe(0);
  expect(await here.deploys()).toMatchObject([
    { type: 'deploy.annotated', deploy: 'argo-cd-checkout-4f0c#1' },
    { type: 'deploy.finished', outcome: 'succeeded' },
  ]);
  expect((await run('SyncFail')).code).toBe(0);
  await here.down();
  expect((await run('PreSync')).code).not.toBe(0);
  expect((await run('PreSync', 'yes')).code).toBe(0);
});

test('Argo CD: the application names the deploy where the hooks read it', async () => {
  await using here = await world();
  const application = await here.server.example('argo-cd/application.yaml', here.token);
  expect(application).toContain('breakglass.acme.example/deploy: argo-cd-${ARGOCD_APP_NAME}-');
  expect(application).toContain('commonAnnotationsEnvsubst: true');
});

test('Argo Rollouts: the gate is an error without a bypass, and the recheck fails when it ends', async () => {
  await using here = await world();
  const templates = await here.server.example('argo-rollouts/analysis-templates.yaml', here.token);
  const args = { deploy: '6d4b75cb6d', token: here.token };
  expect(await measure(templates, 'breakglass-gate', args)).toBe('Error');
  const bypass = await here.activate();
  expect(await measure(templates, 'breakglass-gate', args)).toBe('Successful');
  expect(await measure(templates, 'breakglass-recheck', args)).toBe('Successful');
  expect(await here.deploys()).toMatchObject([{ deploy: 'checkout-6d4b75cb6d#1' }]);
  expect(await measure(templates, 'breakglass-gate', { ...args, token: 'bg_other' })).toBe('Error');
  await here.revoke(bypass);
  expect(await measure(templates, 'breakglass-recheck', args)).toBe('Error');
  await here.down();
  expect(await measure(templates, 'breakglass-gate', args)).toBe('Error');
});

test('Flagger: the canary waits, goes on, holds, and rolls back', async () => {
  await using here = await world();
  const canary = await here.server.example('flagger/canary.yaml', here.token);
  expect(await callHook(canary, 'confirm-rollout', 'Succeeded')).toBe(false);
  expect(await callHook(canary, 'confirm-rollout', 'Waiting')).toBe(false);
  expect(await callHook(canary, 'rollback', 'Waiting')).toBe(false);
  const bypass = await here.activate();
  expect(await callHook(canary, 'confirm-rollout', 'Waiting')).toBe(true);
  expect(await callHook(canary, 'rollback', 'Progressing')).toBe(false);
  expect(await callHook(canary, 'confirm-traffic-increase', 'Progressing')).toBe(true);
  expect(await callHook(canary, 'confirm-promotion', 'Progressing')).toBe(true);
  expect(await here.deploys()).toMatchObject([{ deploy: 'checkout-1.4.2#1' }]);
  await here.revoke(bypass);
  expect(await callHook(canary, 'confirm-traffic-increase', 'Progressing')).toBe(false);
  expect(await callHook(canary, 'confirm-promotion', 'WaitingPromotion')).toBe(false);
  expect(await callHook(canary, 'rollback', 'Progressing')).toBe(true);
  expect(await callHook(canary, 'post-rollout', 'Failed')).toBe(false);
  await here.down();
  for (const type of ['confirm-rollout', 'confirm-promotion', 'rollback'] as const)
    expect(await callHook(canary, type, 'Progressing')).toBe(false);
});

test('Flagger: with a token of another gate nothing passes, and nothing is rolled back', async () => {
  await using here = await world('migration-review');
  await here.activate();
  const canary = await here.server.example('flagger/canary.yaml', here.token);
  expect(await callHook(canary, 'confirm-rollout', 'Waiting')).toBe(false);
  expect(await callHook(canary, 'rollback', 'Progressing')).toBe(false);
});

test('Kargo: the promotion asks only when the check fails, and reports the end', async () => {
  await using here = await world();
  const stage = await here.server.example('kargo/stage.yaml', here.token);
  const run = (check: 'Succeeded' | 'Failed', promotion: string) =>
    promote(stage, promotion, here.token, { 'image-policy': check, deploy: 'Succeeded' });
  expect(await run('Succeeded', 'p1')).toEqual({
    'image-policy': 'Succeeded',
    bypass: 'Skipped',
    deploy: 'Succeeded',
    finish: 'Skipped',
  });
  expect(await run('Failed', 'p2')).toMatchObject({ bypass: 'Failed', deploy: 'Skipped' });
  await here.activate();
  expect(await run('Failed', 'p3')).toEqual({
    'image-policy': 'Failed',
    bypass: 'Succeeded',
    deploy: 'Succeeded',
    finish: 'Succeeded',
  });
  expect(await here.deploys()).toMatchObject([
    { type: 'deploy.annotated', deploy: 'p3#1' },
    { type: 'deploy.finished', outcome: 'succeeded' },
  ]);
  await here.down();
  expect(await run('Failed', 'p4')).toMatchObject({ bypass: 'Errored', deploy: 'Skipped' });
});

test('Jenkins: the build ships by its check or by a bypass, and reports the end', async () => {
  await using here = await world();
  const jenkinsfile = await here.server.example('jenkins/Jenkinsfile', here.token);
  expect(jenkinsfile).toContain('DEPLOY = "${env.BUILD_TAG}"');
  expect(jenkinsfile).toContain("BREAKGLASS_TOKEN = credentials('");
  const folder = await mkdtemp(join(tmpdir(), 'breakglass-jenkins-'));
  await copyFile(GATE_SH, join(folder, 'gate.sh'));
  const script = async (name: string, text: string) => {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  };
  await script('prepare.sh', 'exit 0');
  await script('ship.sh', 'echo shipped >>shipped');
  const run = async (check: number, buildTag: string) => {
    await script('verify-image.sh', `exit ${check}`);
    return runBuild(jenkinsfile, { folder, buildTag, token: here.token });
  };
  const shipped = () => readFile(join(folder, 'shipped'), 'utf8').catch(() => '');
  const refused = await run(1, 'jenkins-checkout-1');
  expect(refused.result).toBe('FAILURE');
  expect(refused.ran).toEqual([
    './verify-image.sh || ./gate.sh start',
    './gate.sh finish failed || true',
  ]);
  expect(await shipped()).toBe('');
  expect((await run(0, 'jenkins-checkout-2')).result).toBe('SUCCESS');
  await here.activate();
  expect((await run(1, 'jenkins-checkout-3')).result).toBe('SUCCESS');
  expect(await shipped()).toBe('shipped\nshipped\n');
  expect(await here.deploys()).toMatchObject([
    { type: 'deploy.annotated', deploy: 'jenkins-checkout-3#1' },
    { type: 'deploy.finished', outcome: 'succeeded' },
  ]);
  await here.down();
  expect((await run(1, 'jenkins-checkout-4')).result).toBe('FAILURE');
  expect(await shipped()).toBe('shipped\nshipped\n');
});

test('Jenkins: the HTTP Request step passes by a bypass alone', async () => {
  await using here = await world();
  const groovy = await here.server.example('jenkins/Jenkinsfile.http-request', here.token);
  const step = () => httpRequestStep(groovy, { buildTag: 'jenkins-checkout-7', token: here.token });
  expect(await step()).toBe(false);
  await here.activate();
  expect(await step()).toBe(true);
  expect(await here.deploys()).toMatchObject([{ deploy: 'jenkins-checkout-7#1' }]);
  await here.down();
  expect(await step()).toBe(false);
});

test('Spinnaker: the pipeline asks only when the check fails', async () => {
  await using here = await world();
  const orca = await here.server.example('spinnaker/orca-local.yml', here.token);
  const pipeline = await here.server.example('spinnaker/pipeline.json', here.token);
  const run = (execution: string, check: boolean) => runPipeline(orca, pipeline, execution, check);
  expect(await run('01A', true)).toMatchObject({ 'Break-glass': 'SKIPPED', Deploy: 'SUCCEEDED' });
  expect(await run('01B', false)).toMatchObject({
    'Image policy': 'FAILED_CONTINUE',
    'Break-glass': 'TERMINAL',
    Deploy: 'NOT_STARTED',
  });
  await here.activate();
  expect(await run('01C', false)).toEqual({
    'Image policy': 'FAILED_CONTINUE',
    'Break-glass': 'SUCCEEDED',
    'It was a bypass': 'SUCCEEDED',
    Deploy: 'SUCCEEDED',
  });
  expect(await here.deploys()).toMatchObject([{ deploy: 'spinnaker-01C#1' }]);
  await here.down();
  expect(await run('01D', false)).toMatchObject({ Deploy: 'NOT_STARTED' });
});
