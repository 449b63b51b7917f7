import fc from 'fast-check';
import { InvalidArgumentError } from 'commander';
import { describe, expect, it } from 'vitest';
import { readFollowUps } from '#application/forms/follow-ups';
import { approvalLink } from '#cli/approve/approval-link';
import { jobFacts } from '#cli/ci/job-environment';
import { serviceAddress } from '#cli/ci/service-address';
import { wholeNumber } from '#cli/commands/option-values';
import { readPinnedIdentities } from '#cli/pinned-identities';
import { UsageError } from '#cli/report-failure';
import { formatSettingMistakes, readConfig } from '#runtime/config/read-config';
import { settings } from '#runtime/config/settings';
import { hostileJsonText, hostileText } from '#test/support/hostile/arbitraries';
import { neverThrows } from '#test/support/hostile/never-throws';

const RIGHT: Readonly<Record<string, string>> = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_APP_TOKEN: 'xapp-1',
  BREAKGLASS_POLICY: 'policy.yaml',
  DATABASE_URL: 'postgres://app:secret@db.example/breakglass',
  BREAKGLASS_KEK: 'ab'.repeat(32),
  PUBLIC_URL: 'https://breakglass.example',
  FULCIO_URL: 'https://fulcio.example',
  TSA_URL: 'https://tsa.example',
};

describe('settings', () => {
  it('are right, or each mistake is told without the value', async () => {
    const secret = 'not-to-be-shown';
    const value = hostileText(secret, 'https://a.example', '0', 'true', '127.0.0.1', 'a,b').map(
      (text) => `${text}${secret}`,
    );
    const name = fc.constantFrom(...Object.keys(RIGHT), ...Object.keys(settings.shape));
    const wrong = fc.dictionary(name, value, { maxKeys: 4 });
    await neverThrows(wrong, (some) => readConfig({ ...RIGHT, ...some }), {
      holds: (read) => {
        if (!read.ok) expect(formatSettingMistakes(read.mistakes)).not.toContain(secret);
      },
      runs: 150,
    });
  });
});

describe('arguments of the command', () => {
  const link = `https://breakglass.example/sign-in/${'A'.repeat(43)}`;
  it('a link', () => neverThrows(hostileText(link), approvalLink, { but: [UsageError] }));

  it('an address', () =>
    neverThrows(hostileText('https://a.example'), (text) => serviceAddress(text, {}), {
      but: [UsageError],
    }));

  it('a number', () =>
    neverThrows(hostileText('7'), wholeNumber(0, 99), {
      but: [InvalidArgumentError],
      holds: (number) => expect(number >= 0 && number <= 99).toBe(true),
    }));

  it('pinned identities and the keys of a provider', () =>
    neverThrows(
      fc.tuple(
        hostileText('https://idp.example=keys.json'),
        hostileJsonText({ keys: [{ kty: 'RSA', n: 'AQAB', e: 'AQAB' }] }),
      ),
      ([pin, keys]) =>
        readPinnedIdentities(async () => keys, {
          providerKeys: [pin],
          ownKeyClient: [],
          workload: [pin],
        }),
    ));

  it('what a CI system says of its job', () =>
    neverThrows(
      fc.record({
        GITLAB_CI: fc.constantFrom('true', 'false'),
        GITHUB_ACTIONS: fc.constantFrom('true', 'false'),
        GITHUB_RUN_ATTEMPT: hostileText('1'),
        GITHUB_RUN_ID: hostileText('7'),
        GITHUB_REF_TYPE: fc.constant('branch'),
        GITHUB_REF_NAME: hostileText('main'),
        CI_JOB_ID: hostileText('7'),
        CI_JOB_URL: hostileText('https://gitlab.example/j/7'),
      }),
      jobFacts,
    ));
});

describe('what a review leaves to do', () => {
  it('is read line by line, or is too much', () =>
    neverThrows(hostileText('- one\n- two'), readFollowUps, {
      holds: (lines) => expect((lines ?? []).every((line) => line.trim() !== '')).toBe(true),
    }));
});
