import { beforeAll, describe, expect, it } from 'vitest';
import { builtCi } from '#test/support/gates/ci-file';
import { startScriptedService, type Answer } from '#test/support/gates/decision-service';
import { missing, PIPELINE_DIGEST, runPipeline } from '#test/support/gates/gitlab-pipeline';

describe.skipIf(missing.length > 0)('the template of GitLab', () => {
  let ci: string;
  beforeAll(async () => {
    ci = await builtCi();
  });

  const run = (url: string, script: readonly string[]) =>
    runPipeline({
      ci,
      url,
      script,
      environment: 'production',
      idToken: async () => 'token-of-gitlab',
    });

  const GATE = 'breakglass gate --check-name cosign -- false';

  it('is enforced where the check fails and no bypass covers the deploy', async () => {
    await using service = await startScriptedService((): Answer => ({ decision: 'enforce' }));
    const ran = await run(service.url, [GATE, 'breakglass deploy -- sh -c "echo x > shipped"']);
    expect(ran.code).not.toBe(0);
    expect(ran.out + ran.err).toContain('/breakglass image-policy checkout production 1h <why>');
    expect(ran.shipped).toBe('');
    expect(service.asked).toHaveLength(1);
  });

  it('passes under a bypass, asked for with the token of the job', async () => {
    await using service = await startScriptedService((): Answer => ({ decision: 'bypass' }));
    const ran = await run(service.url, [
      `BG_PROVENANCE=https://ci.example/7.intoto.jsonl@${PIPELINE_DIGEST}`,
      GATE,
      'breakglass deploy -- sh -c "echo x > shipped"',
    ]);
    expect(ran).toMatchObject({ code: 0, shipped: 'x\n' });
    expect(service.asked.map(({ phase }) => phase)).toEqual(['start', 'recheck', 'finish']);
    expect(service.asked[0]).toMatchObject({
      gate: 'image-policy',
      service: 'checkout',
      environment: 'production',
      branch: 'main',
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      artifact: { name: 'checkout', digest: PIPELINE_DIGEST },
      provenance: { uri: 'https://ci.example/7.intoto.jsonl', digest: PIPELINE_DIGEST },
      check: { name: 'cosign', result: 'exit code 1' },
      deploy: { id: expect.stringMatching(/^gitlab-\d+$/), attempt: 1 },
    });
    expect(new Set(service.tokens)).toEqual(new Set(['Bearer token-of-gitlab']));
  });

  it('cancels a deploy whose bypass ends, and says so', async () => {
    let rechecks = 0;
    await using service = await startScriptedService(({ phase }): Answer => {
      rechecks += phase === 'recheck' ? 1 : 0;
      const ends = rechecks > 1 || phase === 'finish';
      return ends
        ? { decision: 'enforce', reason: 'expired' }
        : { decision: 'bypass', claims: { inFlight: 'cancel' } };
    });
    const ran = await run(service.url, [
      GATE,
      `breakglass deploy -- sh -c "trap 'echo told > shipped; exit 9' TERM; while :; do sleep 0.1; done"`,
    ]);
    expect(ran.code).not.toBe(0);
    expect(ran.shipped).toBe('told\n');
    expect(ran.out + ran.err).toContain('image-policy enforces again (expired)');
    expect(service.asked.at(-1)).toMatchObject({ phase: 'finish', outcome: 'cancelled' });
  });

  it('passes by its own check while nothing of ours answers', async () => {
    const ran = await run('http://127.0.0.1:1', [
      'breakglass gate -- true',
      'breakglass deploy -- sh -c "echo x > shipped"',
    ]);
    expect(ran).toMatchObject({ code: 0, shipped: 'x\n' });
  });
});
