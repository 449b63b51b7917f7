import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { exampleAt } from '#test/support/gates/gate-server';
import { callHook } from '#test/support/gates/tools/flagger';
import { httpRequestStep } from '#test/support/gates/tools/jenkins';
import { promote } from '#test/support/gates/tools/kargo';
import { runHook } from '#test/support/gates/tools/kubernetes-job';
import { runPipeline } from '#test/support/gates/tools/orca';
import { runShell } from '#test/support/gates/tools/run-shell';
import { measure } from '#test/support/gates/tools/web-metric';

const GATE_SH = fileURLToPath(new URL('../../../examples/gates/curl/gate.sh', import.meta.url));
const TOKEN = 'bg_token';

/** Whether each tool goes on, for a service that answers like this; asked at once. */
async function goingOn(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const example = (path: string) => exampleAt(url, path, TOKEN);
  try {
    const [shell, hook, metric, flagger, kargo, jenkins, spinnaker] = await Promise.all([
      runShell('sh', [GATE_SH, 'start'], {
        BREAKGLASS_URL: url,
        BREAKGLASS_TOKEN: TOKEN,
        GATE: 'image-policy',
        SERVICE: 'checkout',
        ENVIRONMENT: 'production',
        DEPLOY: 'run-7',
      }),
      runHook(await example('argo-cd/hooks.yaml'), 'PreSync', {
        'secret/breakglass/token': TOKEN,
        'config/migrations/reviewed': 'no',
        "metadata.annotations['breakglass.acme.example/deploy']": 'argo-cd-checkout-4f0c',
      }),
      measure(await example('argo-rollouts/analysis-templates.yaml'), 'breakglass-gate', {
        deploy: '6d4b75cb6d',
        token: TOKEN,
      }),
      callHook(await example('flagger/canary.yaml'), 'confirm-rollout', 'Waiting'),
      promote(await example('kargo/stage.yaml'), 'p1', TOKEN, {
        'image-policy': 'Failed',
        deploy: 'Succeeded',
      }),
      httpRequestStep(await example('jenkins/Jenkinsfile.http-request'), {
        buildTag: 'jenkins-checkout-7',
        token: TOKEN,
      }),
      runPipeline(
        await example('spinnaker/orca-local.yml'),
        await example('spinnaker/pipeline.json'),
        '01A',
        false,
      ),
    ]);
    return {
      shell: shell.code === 0,
      argoCd: hook.code === 0,
      argoRollouts: metric === 'Successful',
      flagger,
      kargo: kargo['deploy'] === 'Succeeded',
      jenkins,
      spinnaker: spinnaker['Deploy'] === 'SUCCEEDED',
    };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const all = (on: boolean) => ({
  shell: on,
  argoCd: on,
  argoRollouts: on,
  flagger: on,
  kargo: on,
  jenkins: on,
  spinnaker: on,
});

describe('the tools, by what they are answered', () => {
  it('go on with a bypass', async () => {
    const answered = goingOn((_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"decision":"bypass","reason":"bypassed"}'),
    );
    expect(await answered).toEqual(all(true));
  });

  it.each([400, 401, 403, 404, 405, 409, 413, 415, 429, 500, 502, 503, 504])(
    'stop at %i, whatever the body says',
    async (status) => {
      const answered = goingOn((_, response) =>
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end('{"decision":"bypass"}'),
      );
      expect(await answered).toEqual(all(false));
    },
  );

  it('stop at a connection that ends', async () => {
    expect(await goingOn((request) => request.socket.destroy())).toEqual(all(false));
  });

  it.each<[string, RequestListener]>([
    ['a page with status 200', (_, response) => response.end('<h1>Please sign in</h1>')],
    [
      'a redirect to one',
      ({ url }, response) =>
        url === '/sign-in'
          ? response.end('<h1>Please sign in</h1>')
          : response.writeHead(302, { location: '/sign-in' }).end(),
    ],
  ])('stop at %s, but for the two that look at nothing else', async (_, listener) => {
    expect(await goingOn(listener)).toEqual({ ...all(false), argoRollouts: true, flagger: true });
  });
});
