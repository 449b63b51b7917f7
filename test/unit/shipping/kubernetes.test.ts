import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readConfig } from '#runtime/config/read-config';
import { deployment, documentsOf, envOf, textOf, yamlOf } from './written-settings.ts';

const ROOT = 'deploy/kubernetes';
const base = deployment.parse(yamlOf(`${ROOT}/base/deployment.yaml`)).spec;
const { spec: pod } = base.template;
const [main] = pod.containers;

const probe = z.object({ httpGet: z.object({ path: z.string(), port: z.string() }) });
const hook = z.object({ preStop: z.object({ sleep: z.object({ seconds: z.number() }) }) });
const metadata = z.object({ metadata: z.object({ name: z.string() }) });

function envOfPatch(path: string): Readonly<Record<string, string>> {
  const [patched] = deployment.parse(yamlOf(path)).spec.template.spec.containers;
  return Object.fromEntries(patched.env.map(({ name, value }) => [name, value]));
}

/** As docs/operations.md promises it. */
const stopLimitMs = (): number =>
  Number(/ends within (\d+) s/.exec(textOf('docs/operations.md'))?.[1]) * 1_000;

/** What docs/install.md has one put into the Secret. */
const SECRETS = {
  DATABASE_URL: 'postgres://breakglass:secret@10.20.0.15/breakglass',
  BREAKGLASS_KEK: randomBytes(32).toString('base64'),
  SLACK_BOT_TOKEN: 'xoxb-bot-secret',
  SLACK_APP_TOKEN: 'xapp-app-secret',
};

const written = {
  ...envOfPatch(`${ROOT}/base/deployment.yaml`),
  ...envOfPatch(`${ROOT}/components/metrics/deployment.yaml`),
  ...envOfPatch(`${ROOT}/components/workload-identity/deployment.yaml`),
  ...envOf(textOf(`${ROOT}/overlays/example/settings.env`)),
};

describe('the manifests for Kubernetes', () => {
  it('set what the service takes, and what it takes together', () => {
    const read = readConfig({ ...SECRETS, ...written });
    expect(read).toMatchObject({ ok: true, config: { database: 'external', host: '0.0.0.0' } });
  });

  it('set nothing that no page explains', () => {
    const page = textOf('docs/operations.md');
    expect(Object.keys(written).filter((name) => !page.includes(`| \`${name}\``))).toEqual([]);
  });

  it('leave to the Secret what the page about installing puts there', () => {
    const page = textOf('docs/install.md');
    expect(Object.keys(SECRETS).filter((name) => !page.includes(`${name}=`))).toEqual([]);
    expect(Object.keys(SECRETS).filter((name) => name in written)).toEqual([]);
  });

  it('listen where the probes and the Service look', () => {
    const ports = Object.fromEntries(main.ports.map((one) => [one.name, one.containerPort]));
    const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'].map(
      (name) => probe.parse(main[name]).httpGet,
    );
    expect(ports).toEqual({ http: Number(written['PORT']) });
    expect(probes.map(({ path }) => path)).toEqual(['/startupz', '/readyz', '/livez']);
    expect(probes.every(({ port }) => port in ports)).toBe(true);
    expect(yamlOf(`${ROOT}/base/service.yaml`)).toMatchObject({
      spec: { ports: [{ targetPort: 'http' }] },
    });
  });

  it('leave a stop the time that it may take', () => {
    const waits = hook.parse(main['lifecycle']).preStop.sleep.seconds * 1_000;
    const grace = (pod.terminationGracePeriodSeconds ?? 0) * 1_000;
    expect(grace).toBeGreaterThan(waits + stopLimitMs());
  });

  it('are restricted, as the Pod Security Standards have it', () => {
    expect(yamlOf(`${ROOT}/base/deployment.yaml`)).toMatchObject({
      spec: {
        template: {
          spec: {
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
            containers: [
              {
                securityContext: {
                  allowPrivilegeEscalation: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ['ALL'] },
                },
              },
            ],
          },
        },
      },
    });
  });

  it.each(['base', 'components/metrics', 'overlays/example'])(
    'hold no policy of %s over pods of others',
    (folder) => {
      const policies = documentsOf(textOf(`${ROOT}/${folder}/network-policy.yaml`));
      const ours = { matchLabels: { 'app.kubernetes.io/name': 'breakglass' } };
      expect(policies).not.toEqual([]);
      for (const policy of policies) expect(policy).toMatchObject({ spec: { podSelector: ours } });
    },
  );

  it.each(['policy.yaml', 'post-mortem.md.liquid'])('bring the example of %s', (name) => {
    const there = textOf(`${ROOT}/overlays/example/${name}`);
    expect(there.replace('=../../../../docs', '=../docs')).toBe(textOf(`examples/${name}`));
  });
});

const kustomize = process.env['KUSTOMIZE_BIN'];
const why = kustomize === undefined ? ' (skipped: no kustomize: name one in KUSTOMIZE_BIN)' : '';

describe.skipIf(kustomize === undefined)(`the example, put together by Kustomize${why}`, () => {
  it('has each thing once, with the names that they know each other by', () => {
    const folder = fileURLToPath(new URL(`../../../${ROOT}/overlays/example`, import.meta.url));
    const { status, stdout } = spawnSync(kustomize ?? '', ['build', folder], { encoding: 'utf8' });
    expect(status).toBe(0);
    const all = documentsOf(stdout);
    const names = all.map((one) => metadata.parse(one).metadata.name);
    const whole = deployment.parse(all.find((one) => deployment.safeParse(one).success));
    const [only] = whole.spec.template.spec.containers;
    const sources = only.envFrom.flatMap((one) => Object.values(one).map(({ name }) => name));
    expect(sources.filter((name) => !names.includes(name))).toEqual(['breakglass-secrets']);
    expect(only.env.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['BREAKGLASS_POLICY', 'METRICS_PORT', 'WORKLOAD_TOKEN']),
    );
  });
});
