import { readdir } from 'node:fs/promises';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startActionRunner } from '#test/support/gates/action-runner';
import { builtCi } from '#test/support/gates/ci-file';
import { startScriptedService, type Answer } from '#test/support/gates/decision-service';
import { startGithubTokens } from '#test/support/gates/github-tokens';

const AUDIENCE = 'breakglass/acme';
const NAMED = { gate: 'image-policy', service: 'checkout', environment: 'production' };
const DIGEST = `sha256:${'a'.repeat(64)}`;
const BYPASS: Answer = { decision: 'bypass' };
const ENFORCE: Answer = { decision: 'enforce' };

describe('the Action', () => {
  let action: string;
  beforeAll(async () => {
    action = await builtCi();
  });

  it('fails as its check did, and says so on the page of the run', async () => {
    await using service = await startScriptedService(() => ENFORCE);
    await using github = await startGithubTokens();
    const runner = await startActionRunner(action);
    const given = { ...NAMED, url: service.url, audience: AUDIENCE, run: 'echo checked\nexit 3\n' };
    const ran = await runner.step({ with: given, env: github.env }).ended;
    expect(ran).toMatchObject({ code: 3, out: 'checked\n' });
    expect(ran.err).toBe(
      '::error title=break-glass::image-policy failed, and no bypass covers checkout in production (no-bypass).%0AIf this is an incident, type in Slack: /breakglass image-policy checkout production 1h <why>\n',
    );
  });

  it('asks with a token of GitHub for its audience, and with what the run says', async () => {
    await using service = await startScriptedService(() => BYPASS);
    await using github = await startGithubTokens();
    const runner = await startActionRunner(action);
    const given = { ...NAMED, url: service.url, audience: AUDIENCE };
    const check = {
      ...given,
      run: 'false',
      artifact: `checkout@${DIGEST}`,
      provenance: `https://ci.example/7.intoto.jsonl@${DIGEST}`,
      'check-name': 'cosign',
    };
    expect(await runner.step({ with: check, env: github.env }).ended).toMatchObject({ code: 0 });
    const deploy = {
      ...given,
      command: 'deploy',
      artifact: `checkout@${DIGEST}`,
      run: 'echo shipped',
    };
    expect(await runner.step({ with: deploy, env: github.env }).ended).toMatchObject({
      code: 0,
      out: 'shipped\n',
    });
    expect(service.asked.map(({ phase }) => phase)).toEqual(['start', 'recheck', 'finish']);
    expect(service.asked[0]).toMatchObject({
      ...NAMED,
      branch: 'main',
      commit: '4f0c2d9e4f0c2d9e4f0c2d9e4f0c2d9e4f0c2d9e',
      artifact: { name: 'checkout', digest: DIGEST },
      provenance: { uri: 'https://ci.example/7.intoto.jsonl', digest: DIGEST },
      check: { name: 'cosign', result: 'exit code 1' },
      deploy: {
        id: 'github-77',
        attempt: 2,
        url: 'https://github.com/acme/checkout/actions/runs/77',
        actor: 'octocat',
      },
    });
    // One for each process: the second asks twice with its own.
    expect(github.made).toBe(2);
    const tokens = service.tokens.map((one) => one?.replace('Bearer ', '') ?? '');
    const claims = await Promise.all(tokens.map((one) => github.claims(one, AUDIENCE)));
    expect(claims.map((one) => one['repository_id'])).toEqual(['123', '123', '123']);
  });

  it('asks with the token that is given, and shows it to nobody', async () => {
    await using service = await startScriptedService(() => BYPASS);
    const runner = await startActionRunner(action);
    const run = 'env; exit 1';
    const given = { ...NAMED, url: service.url, token: 'bg_s3cret', run };
    const ran = await runner.step({ with: given }).ended;
    expect(ran.code).toBe(0);
    expect(service.tokens).toEqual(['Bearer bg_s3cret']);
    expect(ran.out).toContain('GITHUB_RUN_ID=77');
    expect(ran.out).not.toMatch(/s3cret|for-actions-alone|INPUT_/);
  });

  it.each(['"; touch pwned; "', '$(touch pwned)', '`touch pwned`', "'\ntouch pwned\n'", '--url=x'])(
    'takes %s for a name, and for nothing else',
    async (hostile) => {
      await using service = await startScriptedService(() => BYPASS);
      const runner = await startActionRunner(action);
      const given = { gate: hostile, service: hostile, environment: hostile, branch: hostile };
      const rest = { 'check-name': hostile, url: service.url, token: 't', run: 'false' };
      expect((await runner.step({ with: { ...given, ...rest } }).ended).code).toBe(0);
      expect(service.asked[0]).toMatchObject({ ...given, check: { name: hostile } });
      expect(await readdir(runner.workspace)).toEqual([]);
    },
  );

  it('runs what it is given as a step of bash: all of it, until something fails', async () => {
    const runner = await startActionRunner(action);
    const run = `cat <<'EOF'\n"a" 'b' $(id)\nEOF\nfalse | cat\necho not reached\n`;
    const ran = await runner.step({ with: { ...NAMED, run } }).ended;
    expect(ran).toMatchObject({ code: 1, out: `"a" 'b' $(id)\n` });
    expect(ran.err).toContain('No bypass can be asked for.');
  });

  it.each([
    ['a command that there is not', { command: 'deplyo' }],
    ['nothing to run', { run: ' ' }],
    ['an artifact without a digest', { artifact: 'checkout:latest' }],
  ])('passes nothing with %s', async (_, wrong) => {
    const runner = await startActionRunner(action);
    const given = { ...NAMED, url: 'http://127.0.0.1:1', token: 't', run: 'true' };
    expect((await runner.step({ with: { ...given, ...wrong } }).ended).code).toBe(2);
  });

  it('without permission for a token fails as its check did, and says what is missing', async () => {
    await using service = await startScriptedService(() => BYPASS);
    const runner = await startActionRunner(action);
    const given = { ...NAMED, url: service.url, audience: AUDIENCE, run: 'exit 5' };
    const ran = await runner.step({ with: given }).ended;
    expect(ran.code).toBe(5);
    expect(ran.err).toContain('id-token: write');
    expect(service.asked).toEqual([]);
  });

  it('hands a cancelled run on to what deploys, and reports it', async () => {
    await using service = await startScriptedService(() => BYPASS);
    const runner = await startActionRunner(action);
    const given = { ...NAMED, url: service.url, token: 't' };
    await runner.step({ with: { ...given, run: 'false' } }).ended;
    const run = `trap 'echo told; exit 9' INT; touch started; while :; do sleep 0.1; done`;
    const deploy = runner.step({ with: { ...given, command: 'deploy', run } });
    await vi.waitFor(async () => expect(await readdir(runner.workspace)).toContain('started'), {
      timeout: 20_000,
    });
    deploy.child.kill('SIGINT');
    expect(await deploy.ended).toMatchObject({ code: 9, out: 'told\n' });
    expect(service.asked.at(-1)).toMatchObject({ phase: 'finish', outcome: 'cancelled' });
  });
});
