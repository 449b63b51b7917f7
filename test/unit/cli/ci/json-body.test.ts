import { expect, test } from 'vitest';
import { jsonBody } from '#cli/ci/json-body';

const signal = AbortSignal.timeout(60_000);
const KIB = 1_024;

test('an answer is read up to 64 KiB', async () => {
  const text = JSON.stringify('x'.repeat(64 * KIB - 2));
  expect(await jsonBody(new Response(text), signal)).toHaveLength(64 * KIB - 2);
  await expect(jsonBody(new Response(`${text} `), signal)).rejects.toMatchObject({
    name: 'AnswerTooLarge',
  });
});

test('of an answer without end no more is read than shows that it is too long', async () => {
  let pulled = 0;
  let cancelled = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      pulled += 1;
      controller.enqueue(new Uint8Array(16 * KIB).fill(32));
    },
    cancel: () => void (cancelled = true),
  });
  const read = jsonBody(new Response(body), signal);
  await expect(read).rejects.toMatchObject({ code: 'too-large' });
  expect(pulled).toBeLessThanOrEqual(7);
  expect(cancelled).toBe(true);
});
