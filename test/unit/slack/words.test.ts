import { describe, expect, test } from 'vitest';
import { personId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '#domain/instant';
import type { RefusalReason } from '#domain/refusal';
import { durationWords, parseDuration } from '#slack/words/durations';
import { addressWords } from '#slack/words/address';
import { listed } from '#slack/words/lists';
import { mistakeWords } from '#slack/words/mistakes';
import { refusalWords } from '#slack/words/refusals';
import { AT, moe, roe, waiting } from '#test/slack/app/sample-card';

describe('durations', () => {
  test.each([
    [10 * SECOND_MS, '10 s'],
    [15 * MINUTE_MS, '15 min'],
    [HOUR_MS, '1 h'],
    [90 * MINUTE_MS, '1 h 30 min'],
    [26 * HOUR_MS, '1 d 2 h'],
    [0, '0 s'],
  ])('%i ms is %s', (ms, words) => expect(durationWords(ms)).toBe(words));

  test.each([
    ['15m', 15 * MINUTE_MS],
    ['1.5h', 90 * MINUTE_MS],
    ['1h30m', 90 * MINUTE_MS],
    ['90 minutes', 90 * MINUTE_MS],
    ['2 weeks', null],
    ['h', null],
    ['sha256', null],
    ['1h later', null],
  ])('%s is %s ms', (text, ms) => expect(parseDuration(text)).toBe(ms));
});

test('lists end in "and", and long ones in a number', () => {
  expect(listed([])).toBe('nobody');
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
  expect(listed(['a', 'b', 'c', 'd'], 3)).toBe('a, b and 2 more');
});

test('an incident is a link only where it is a web address, and shows it whole', () => {
  expect(addressWords('https://s.example/4312')).toBe('<https://s.example/4312>');
  expect(addressWords('https://s.example/|INC-1>')).toBe('<https://s.example/%7CINC-1%3E>');
  expect(addressWords('javascript:alert(1)')).toBe('javascript:alert(1)');
  expect(addressWords('https://slack.com@evil.example/')).not.toMatch(/^</);
  expect(addressWords('<!channel> *INC*')).toBe('&lt;!channel&gt; ∗INC∗');
});

describe('refusals', () => {
  const words = (reason: RefusalReason, tried = 'approve', card = waiting()) =>
    refusalWords({ refused: true, ...reason }, card, tried);

  test('the requester’s own approval', () => {
    const text = words({ code: 'own-request' });
    expect(text).toContain('You asked for this bypass, so your approval does not count.');
    expect(text).toContain('Still needed: 2 of @release; they were asked at <!date^');
  });

  test('a request that was denied names who, when and why', () => {
    const card = waiting({
      phase: 'denied',
      end: { how: 'denied', by: roe, at: AT, reason: 'Use the rollback pipeline.', enforces: null },
    });
    const text = words(
      { code: 'already-decided', phase: 'denied', by: personId('x'), at: AT },
      'approve',
      card,
    );
    expect(text).toContain('Already decided: R. Roe denied it at');
    expect(text).toContain('“Use the rollback pipeline.”');
  });

  test('one approval given leaves one', () => {
    const card = waiting({
      requirements: [{ from: 'release', count: 2, have: 1, asked: [roe, moe], gone: [] }],
    });
    expect(words({ code: 'already-approved' }, 'approve', card)).toContain('1 of @release');
  });

  const all: RefusalReason[] = [
    { code: 'unknown-bypass' },
    { code: 'unknown-gate', gate: 'g' },
    { code: 'not-a-requester' },
    { code: 'cannot-act', standing: 'guest' },
    { code: 'cannot-act', standing: 'deactivated' },
    { code: 'cannot-act', standing: 'bot' },
    { code: 'cannot-act', standing: 'foreign' },
    { code: 'cannot-act', standing: 'unknown' },
    { code: 'look-up-failed', groups: ['release'] },
    { code: 'too-many-waiting', limit: 3 },
    { code: 'too-many-asked', limit: 20 },
    { code: 'ttl-not-offered', offersMs: [HOUR_MS] },
    { code: 'not-extendable', phase: 'closed' },
    { code: 'chain-cap-reached', capAt: AT },
    { code: 'own-request' },
    { code: 'already-approved' },
    { code: 'not-an-approver' },
    { code: 'other-request' },
    { code: 'attestation-required' },
    { code: 'step-up-required' },
    { code: 'already-decided', phase: 'active', by: null, at: AT },
    { code: 'not-active', phase: 'lapsed' },
    { code: 'not-due' },
    { code: 'not-allowed', needs: 'assignee' },
    { code: 'unknown-deploy' },
    { code: 'nothing-changed' },
  ];
  test.each(all)('$code is a sentence without a code word in it', (reason) => {
    for (const card of [waiting(), null]) {
      const text = refusalWords({ refused: true, ...reason }, card, 'approve');
      expect(text).toMatch(/^[A-Z].*[.]$/s);
      if (reason.code.includes('-')) expect(text).not.toContain(reason.code);
    }
  });
});

test('mistakes say what to enter instead', () => {
  expect(mistakeWords({ field: 'environment', code: 'missing' })).toBe('Choose an environment.');
  expect(mistakeWords({ field: 'artifact', code: 'malformed' })).toContain('sha256:');
  expect(mistakeWords({ field: 'ttl', code: 'ttl-not-offered', offersMs: [HOUR_MS] })).toContain(
    'Choose 1 h.',
  );
  expect(mistakeWords({ field: 'gate', code: 'too-many-asked' })).toContain('Ask a colleague');
});
