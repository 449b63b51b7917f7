import { expect, it } from 'vitest';
import { report } from '#cli/ci/report';
import { startScriptedService } from '#test/support/gates/decision-service';

const ASKED = {
  gate: 'image-policy',
  service: 'checkout',
  environment: 'production',
  deploy: { id: 'run-7', attempt: 1 },
};

async function said(reason: string): Promise<{ lines: readonly string[]; asked: number }> {
  await using service = await startScriptedService(() => ({ decision: 'enforce', reason }));
  const lines: string[] = [];
  const as = { url: service.url, token: async () => 'bg_token', now: () => Date.now() };
  await report(as, ASKED, 'succeeded', (line) => void lines.push(line));
  return { lines, asked: service.asked.length };
}

it('an end that is taken is not spoken of', async () => {
  expect(await said('finished')).toEqual({ lines: [], asked: 1 });
});

it('an end that is not taken, as another began the deploy, is said once and not repeated', async () => {
  const { lines, asked } = await said('begun-by-another');
  expect(lines).toEqual([expect.stringContaining('begun-by-another')]);
  expect(asked).toBe(1);
});
