import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { startScriptedService, type Answer } from '#test/support/gates/decision-service';
import { HOSTILE_ANSWERS } from '#test/support/gates/hostile/answers';
import { runShell } from '#test/support/gates/tools/run-shell';

const SCRIPT = fileURLToPath(
  new URL('../../../examples/gates/curl/signed-gate.sh', import.meta.url),
);
const CHECK_FAILS = 3;

async function gate(answer: Answer, check = CHECK_FAILS, phase = 'start') {
  await using service = await startScriptedService(() => answer);
  const env = {
    BREAKGLASS_URL: service.url,
    BREAKGLASS_TOKEN: 'bg_secret',
    GATE: 'image-policy',
    SERVICE: 'checkout',
    ENVIRONMENT: 'production',
    DEPLOY_ID: 'run-7',
    BRANCH: 'hotfix',
  };
  const rest = phase === 'finish' ? ['succeeded'] : ['sh', '-c', `exit ${check}`];
  const { code, said } = await runShell('bash', [SCRIPT, phase, ...rest], env);
  return { code, said, asked: service.asked, tokens: service.tokens };
}

it('asks nothing when the check passes', async () => {
  expect(await gate({ decision: 'enforce' }, 0)).toMatchObject({ code: 0, asked: [] });
});

it('passes by a bypass that is signed for this question', async () => {
  const { code, said, asked, tokens } = await gate({ decision: 'bypass' });
  expect(code).toBe(0);
  expect(said).toContain('image-policy: bypass until ');
  expect(asked).toMatchObject([{ deploy: { id: 'run-7', attempt: 1 }, branch: 'hotfix' }]);
  expect(tokens).toEqual(['Bearer bg_secret']);
});

it('reports the end', async () => {
  const { code, asked } = await gate({ decision: 'enforce' }, 0, 'finish');
  expect(code).toBe(0);
  expect(asked).toMatchObject([{ phase: 'finish', outcome: 'succeeded' }]);
});

it.each(HOSTILE_ANSWERS)('fails as its check did, hearing %s', async (_, answer) => {
  const { code, said } = await gate(answer);
  expect(code).toBe(CHECK_FAILS);
  expect(said).toContain('If this is an incident: /breakglass image-policy checkout production');
});
