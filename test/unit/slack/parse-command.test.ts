import { describe, expect, test } from 'vitest';
import { parseCommand } from '#slack/forms/parse-command';
import { EMPTY_FORM, type FormValues } from '#slack/forms/form-values';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { CHOICES } from '#test/slack/app/fake-ports';
import { DIGEST } from '#test/slack/app/sample-card';

const CHOICES_WITH_PAYMENTS = {
  ...CHOICES,
  services: [...CHOICES.services, { name: 'payments', environments: ['production'] }],
};
const read = (text: string) => parseCommand(text, CHOICES_WITH_PAYMENTS);
const form = (values: Partial<FormValues>) => ({
  sub: 'open',
  drill: false,
  values: { ...EMPTY_FORM, ...values },
});

describe('what is typed after the command', () => {
  test('nothing fills in nothing', () => {
    expect(read('  ')).toEqual(form({}));
  });

  test.each(['help', 'HELP', '?', '--help'])('%s asks for help', (word) => {
    expect(read(word)).toEqual({ sub: 'help' });
  });

  test('the policy is asked for by that word alone', () => {
    expect(read('policy')).toEqual({ sub: 'policy' });
    expect(read('policy image-policy')).toMatchObject({ sub: 'open' });
  });

  test('everything at once', () => {
    expect(
      read(`image-policy checkout production 1h main ${DIGEST} INC-4312 why it is needed`),
    ).toEqual(
      form({
        gate: 'image-policy',
        service: 'checkout',
        environment: 'production',
        ttlMs: HOUR_MS,
        branch: 'main',
        artifact: DIGEST,
        incident: 'INC-4312',
        justification: 'why it is needed',
      }),
    );
  });

  test('a line pasted from a chat', () => {
    expect(read('payments main 1h checkout down INC-4312')).toEqual(
      form({
        service: 'payments',
        branch: 'main',
        ttlMs: HOUR_MS,
        incident: 'INC-4312',
        justification: 'checkout down INC-4312',
      }),
    );
  });

  test('any order and any case', () => {
    expect(read('INC-7 Production SEV1 Image-Policy 15 min Checkout')).toEqual(
      form({
        gate: 'image-policy',
        service: 'checkout',
        environment: 'production',
        severity: 'sev1',
        ttlMs: 15 * MINUTE_MS,
        incident: 'INC-7',
      }),
    );
  });

  test('keys, where a name alone would be taken for something else', () => {
    expect(read('gate=image-policy env:staging branch=my/thing ttl=1h30m sev=sev2')).toEqual(
      form({
        gate: 'image-policy',
        environment: 'staging',
        branch: 'my/thing',
        ttlMs: 90 * MINUTE_MS,
        severity: 'sev2',
      }),
    );
  });

  test('Slack’s tokens for links and channels', () => {
    expect(read('checkout <#C0INC|inc> <https://s.example/1?a=1&amp;b|status> a &lt; b')).toEqual(
      form({
        service: 'checkout',
        channel: 'C0INC',
        incident: 'https://s.example/1?a=1&b',
        justification: 'a < b',
      }),
    );
  });

  test('an image reference gives its digest', () => {
    expect(read(`registry.example/checkout@${DIGEST}`)).toEqual(form({ artifact: DIGEST }));
  });

  test('a sentence is kept whole and changes no duration', () => {
    expect(read('checkout we reverted main 2h ago in production')).toEqual(
      form({ service: 'checkout', justification: 'we reverted main 2h ago in production' }),
    );
  });

  test('an environment of another service is not filled in', () => {
    expect(read('staging ledger-db')).toEqual(form({ service: 'ledger-db' }));
  });

  test('drill marks the form', () => {
    expect(read('drill checkout')).toEqual({ ...form({ service: 'checkout' }), drill: true });
  });
});

describe('what is meant by the first word', () => {
  const meant = { reference: null, gate: null, service: null, environment: null };
  const act = (sub: 'status' | 'extend' | 'close' | 'withdraw', more: object = {}) => ({
    sub,
    meant: { act: sub, ...meant, ...more },
    ttlMs: null,
    rest: null,
  });

  test('a list', () => {
    expect(read('list')).toEqual({ sub: 'list' });
  });

  test.each(['status', 'extend', 'close', 'withdraw'] as const)('%s of one’s own', (sub) => {
    expect(read(sub)).toEqual(act(sub));
    expect(read(sub.toUpperCase())).toEqual(act(sub));
  });

  test.each(['1042', '#1042'])('a bypass by what it is called: %s', (name) => {
    expect(read(`close ${name}`)).toEqual(act('close', { reference: 1042 }));
  });

  test('a bypass by what it is about', () => {
    expect(read('withdraw payments production')).toEqual(
      act('withdraw', { service: 'payments', environment: 'production' }),
    );
  });

  test('an extension, with its duration and its reason', () => {
    expect(read('extend 7 1h the fix is still building')).toEqual({
      ...act('extend', { reference: 7 }),
      ttlMs: HOUR_MS,
      rest: 'the fix is still building',
    });
  });

  test.each(['close', 'withdraw'] as const)('%s does nothing on what reads as a request', (sub) => {
    const line = 'payments production 1h INC-4312';
    expect(read(`${sub} ${line}`)).toMatchObject({ sub, rest: line });
    expect(read(`${sub} payments production`)).toMatchObject({ sub, rest: null });
  });

  test('words nobody understands are kept, so that nothing is done on them', () => {
    expect(read('close to breaking: payments is down')).toMatchObject({
      sub: 'close',
      rest: expect.stringContaining('to breaking'),
    });
  });

  test.each(['staus', 'closes', 'lists'])('%s is no act but the beginning of a reason', (typo) => {
    expect(read(`${typo} 1042`)).toMatchObject({ sub: 'open', drill: false });
  });

  test('open in front makes a request of any line', () => {
    expect(read('open close image-policy it will not start')).toEqual(
      form({ gate: 'image-policy', justification: 'close it will not start' }),
    );
    expect(read('open list')).toEqual(form({ justification: 'list' }));
  });

  test('a name that the policy does not have stays to be read', () => {
    expect(read('gate=imagepolicy checkout ttl=soon')).toEqual(
      form({ service: 'checkout', justification: 'gate=imagepolicy ttl=soon' }),
    );
  });

  test('a page that was pasted is looked through at its beginning, and kept as far as it fits', () => {
    const names = (text: string): number => {
      let looked = 0;
      const gates = new Proxy(CHOICES.gates, {
        get: (of, at) => (at === 'map' && (looked += 1), Reflect.get(of, at)),
      });
      parseCommand(text, { ...CHOICES, gates });
      return looked;
    };
    const page = 'it is down '.repeat(700);
    expect(names(page)).toBeLessThan(300);
    expect(read(`${page} INC-4312`)).toEqual(form({ justification: page.slice(0, 3_000).trim() }));
  });
});
