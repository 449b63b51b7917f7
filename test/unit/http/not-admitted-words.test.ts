import { expect, test } from 'vitest';
import type { NotAdmitted } from '#application/decision/not-admitted';
import { notAdmittedWords } from '#http/not-admitted-words';

test.each<[NotAdmitted, string]>([
  [
    { what: 'claims', own: { repository_id: '124', repository_owner_id: '9' } },
    'No caller of the policy has a `match` for this token. It says { repository_id: "124", repository_owner_id: "9" }: if that is who may ask, write it so under `callers`.',
  ],
  [
    { what: 'claims', own: {} },
    'No caller of the policy has a `match` for this token. Compare its claims with those of `callers`, letter by letter.',
  ],
  [
    { what: 'gates' },
    'The caller that this token matches is for other gates: add this one to its `gates` in the policy, or correct the question.',
  ],
  [
    { what: 'no-environment' },
    'The token names no environment. Give the job its `environment`, or write `environments` for its caller in the policy.',
  ],
  [
    { what: 'differs', fact: 'branch' },
    'The token says another branch than the question. Send what the token says, or leave it out.',
  ],
])('%j is told with what to change', (why, words) => {
  expect(notAdmittedWords(why)).toBe(words);
});

test('a claim of any length or kind stays one short text', () => {
  const words = notAdmittedWords({
    what: 'claims',
    own: { repository_id: `"\n${'x'.repeat(9e3)}` },
  });
  expect(words.length).toBeLessThan(300);
  expect(words).not.toContain('\n');
});
