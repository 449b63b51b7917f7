import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runningServerUrl } from '#postgres/embedded/running-server-url';
import { ciIssuer } from '#test/support/callers/ci-issuer';
import { startActionRunner } from '#test/support/gates/action-runner';
import { builtCi } from '#test/support/gates/ci-file';
import { startGithubTokens } from '#test/support/gates/github-tokens';
import { missing, runPipeline } from '#test/support/gates/gitlab-pipeline';
import { GATE, PEOPLE, policy } from '#test/support/service/acme';
import { request } from '#test/support/service/incident';
import { layOut, LONGEST_MS } from '#test/support/service/installation';
import { ofType, storedLog } from '#test/support/service/stored-log';

const github = await startGithubTokens({ environment: 'staging' });
const gitlab = await ciIssuer();
afterAll(() => github[Symbol.asyncDispose]());
afterAll(() => gitlab[Symbol.asyncDispose]());

const ci = await builtCi();
const acme = await layOut(afterAll, {
  policy: `${policy()}
callers:
  - name: checkout on GitHub
    issuer: ${github.issuer}
    kind: github
    match: { repository_id: "123", repository_owner_id: "9" }
    gates: [${GATE}]
    services: [checkout]
  - name: checkout on GitLab
    issuer: ${gitlab.issuer}
    kind: gitlab
    match: { project_id: "45", namespace_id: "9" }
    gates: [${GATE}]
    services: [checkout]
`,
  settings: { BREAKGLASS_CALLERS_PRIVATE: 'yes' },
});

const NAMED = { gate: GATE, service: 'checkout', environment: 'staging' };

/** What the log says of the deploys that began with this. */
async function deploysIn(id: string) {
  const url = await runningServerUrl(acme.dataDir);
  if (url === null) throw new RangeError('the service has its database');
  const log = await storedLog(url);
  const of = (type: 'deploy.annotated' | 'deploy.finished') =>
    ofType(log, type)
      .map(({ event }) => event)
      .filter(({ deploy }) => String(deploy).startsWith(id));
  return { annotated: of('deploy.annotated'), finished: of('deploy.finished') };
}

/** One that a busy machine kept past its two seconds is run again, as people do. */
async function untilHeard<Ran extends { readonly err: string; readonly out: string }>(
  run: () => Promise<Ran>,
): Promise<Ran> {
  for (;;) {
    const ran = await run();
    if (!(ran.out + ran.err).includes('no answer within 2 s')) return ran;
  }
}

const CHECK_FAILS = 3;

/** The Action with its check, in a job that GitHub gives tokens to. */
const gateStep = () =>
  untilHeard(async () => {
    const runner = await startActionRunner(ci);
    const given = { ...NAMED, url: acme.url, audience: 'breakglass/acme' };
    return runner.step({ with: { ...given, run: `exit ${CHECK_FAILS}` }, env: github.env }).ended;
  });

const pipeline = (projectId: string) =>
  untilHeard(() =>
    runPipeline({
      ci,
      url: acme.url,
      environment: 'staging',
      script: [
        'breakglass gate --check-name cosign -- false',
        'breakglass deploy -- sh -c "echo x > shipped"',
      ],
      // What GitLab makes of `id_tokens`, with the claims that it documents.
      idToken: (sha) => {
        const nowS = Math.floor(Date.now() / 1_000);
        return gitlab.token({
          aud: 'breakglass/acme',
          iat: nowS,
          nbf: nowS,
          exp: nowS + 300,
          sub: 'project_path:acme/checkout:ref_type:branch:ref:main',
          project_id: projectId,
          namespace_id: '9',
          environment: 'staging',
          ref: 'main',
          ref_type: 'branch',
          sha,
        });
      },
    }),
  );

beforeAll(async () => {
  await acme.start();
}, 2 * LONGEST_MS);

test('without a bypass a job is held up, and says what to type', async () => {
  const ran = await gateStep();
  expect(ran.code).toBe(CHECK_FAILS);
  expect(ran.err).toContain('(no-bypass)');
  expect(ran.err).toContain(`/breakglass ${GATE} checkout staging 1h <why>`);
});

describe('under a bypass', () => {
  beforeAll(async () => {
    const incident = await request(acme.workspace, `${GATE} checkout staging 1h branch=main`);
    expect(await incident.approve(PEOPLE.peer)).toBe(true);
    await incident.cardSays('is in bypass');
  }, 2 * LONGEST_MS);

  test('the Action passes with the token of its repository, and its deploy stands in the log as verified', async () => {
    const runner = await startActionRunner(ci);
    const given = { ...NAMED, url: acme.url, audience: 'breakglass/acme' };
    const step = (more: Readonly<Record<string, string>>) =>
      untilHeard(() => runner.step({ with: { ...given, ...more }, env: github.env }).ended);
    expect(await step({ run: 'false', 'check-name': 'cosign' })).toMatchObject({ code: 0 });
    const deployed = await step({ command: 'deploy', run: 'echo shipped' });
    expect(deployed).toMatchObject({ code: 0, out: 'shipped\n' });
    const { annotated, finished } = await deploysIn('github-77');
    expect(annotated.at(-1)).toMatchObject({
      facts: 'verified',
      branch: 'main',
      commit: '4f0c2d9e4f0c2d9e4f0c2d9e4f0c2d9e4f0c2d9e',
      check: { name: 'cosign', result: 'exit code 1' },
    });
    expect(finished).toMatchObject([{ deploy: 'github-77#2', outcome: 'succeeded' }]);
  });

  test('another repository is held up, and told what the policy would have to say', async () => {
    github.says({ repository_id: '124' });
    const ran = await gateStep();
    expect(ran.code).toBe(CHECK_FAILS);
    expect(ran.err).toContain('(not-authorised)');
    expect(ran.err).toContain('repository_id: "124"');
    github.says({});
  });

  test('a repository whose job is in another environment, or on another branch, is held up', async () => {
    github.says({ environment: 'production' });
    expect(await gateStep()).toMatchObject({
      code: CHECK_FAILS,
      err: expect.stringContaining('another environment'),
    });
    github.says({ ref: 'refs/heads/other' });
    expect(await gateStep()).toMatchObject({
      code: CHECK_FAILS,
      err: expect.stringContaining('another branch'),
    });
    github.says({});
  });

  describe.skipIf(missing.length > 0)('the template of GitLab', () => {
    test('passes with the token of its project, and is verified', async () => {
      expect(await pipeline('45')).toMatchObject({ code: 0, shipped: 'x\n' });
      const { annotated, finished } = await deploysIn('gitlab-');
      expect(annotated.at(-1)).toMatchObject({ facts: 'verified', branch: 'main' });
      expect(finished).toMatchObject([{ outcome: 'succeeded' }]);
    });

    test('is held up with the token of another project', async () => {
      const ran = await pipeline('46');
      expect(ran.code).not.toBe(0);
      expect(ran.shipped).toBe('');
      expect(ran.out + ran.err).toContain('project_id: "46"');
    });
  });
});
