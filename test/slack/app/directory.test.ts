import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LookUpFailed } from '#application/ports/directory';
import {
  BOT,
  ELSEWHERE,
  GONE,
  GUEST,
  INCIDENTS,
  OTHER_TEAM,
  RELEASE,
  runningApp,
  SHARED,
  STRANGER,
  type RunningApp,
} from './running-app.ts';
import { DOE, MOE, ROE, TEAM, TENANT } from './sample-card.ts';

describe('looking people up', () => {
  let app: RunningApp;
  let now = 0;
  beforeEach(async () => {
    now = 1_000_000;
    app = await runningApp('socket', { slack: { clock: () => now } });
  });
  afterEach(() => app.close());

  const profile = (user: string, team = TEAM) =>
    app.slack.directory.profile({ team, user }, TENANT);
  const calls = (method: string) => app.workspace.calls(method).length;

  test('a member has a name, an e-mail and a standing', async () => {
    expect(await profile(DOE)).toEqual({
      standing: 'member',
      name: 'J. Doe',
      email: 'j.doe@acme.example',
    });
  });

  test.each([
    [GUEST, TEAM, 'guest'],
    [GONE, TEAM, 'deactivated'],
    [BOT, TEAM, 'bot'],
    [STRANGER, TEAM, 'foreign'],
    [STRANGER, OTHER_TEAM, 'foreign'],
    ['U0NOBODY01', TEAM, 'unknown'],
  ])('%s of %s is %s', async (user, team, standing) => {
    expect(await profile(user, team)).toMatchObject({ standing });
  });

  test('a token of another workspace than the expected one judges and tells nobody', async () => {
    const early = await runningApp('socket', { start: false });
    try {
      const refusal = early.slack.identify(OTHER_TEAM);
      await expect(refusal).rejects.toMatchObject({
        code: 'another-workspace',
        message: expect.stringContaining(`token of ${OTHER_TEAM}`),
      });
      for (const team of [TEAM, OTHER_TEAM]) {
        const account = { team, user: DOE };
        const asked = early.slack.directory.profile(account, TENANT);
        await expect(asked).rejects.toBeInstanceOf(LookUpFailed);
        const note = { kind: 'failed', reference: 'r' } as const;
        const told = early.slack.publisher.tell(account, null, note, TENANT);
        await expect(told).rejects.toMatchObject({ code: 'unavailable' });
      }
    } finally {
      await early.close();
    }
  });

  test('before Slack has said whose the token is, nobody is called foreign', async () => {
    const early = await runningApp('socket', { start: false });
    try {
      const asked = early.slack.directory.profile({ team: TEAM, user: DOE }, TENANT);
      await expect(asked).rejects.toBeInstanceOf(LookUpFailed);
      await early.slack.identify(null);
      const profiles = [TEAM, OTHER_TEAM].map((team) =>
        early.slack.directory.profile({ team, user: DOE }, TENANT),
      );
      expect((await Promise.all(profiles)).map(({ standing }) => standing)).toEqual([
        'member',
        'foreign',
      ]);
    } finally {
      await early.close();
    }
  });

  test('an answer is reused for 15 s and never past 30 s', async () => {
    await profile(DOE);
    now += 14_000;
    await profile(DOE);
    expect(calls('users.info')).toBe(1);
    now += 2_000;
    app.workspace.setUser({ id: DOE, name: 'doe', realName: 'J. Doe', deleted: true });
    expect(await profile(DOE)).toMatchObject({ standing: 'deactivated' });
  });

  test('questions at once are one call', async () => {
    await Promise.all([profile(DOE), profile(DOE), profile(DOE)]);
    expect(calls('users.info')).toBe(1);
  });

  test.each([
    ['a rate limit', { kind: 'ratelimited', retryAfterSeconds: 9 }],
    ['a broken line', { kind: 'drop-before-accept' }],
    ['a missing scope', { kind: 'error', error: 'missing_scope' }],
  ] as const)('%s is a failed look-up, never an answer', async (_name, answer) => {
    app.workspace.script({ method: 'users.info', answer });
    await expect(profile(DOE)).rejects.toBeInstanceOf(LookUpFailed);
  });

  test('a failure is not kept, but Retry-After is', async () => {
    app.workspace.script({ method: 'users.info', answer: { kind: 'drop-before-accept' } });
    await expect(profile(DOE)).rejects.toBeInstanceOf(LookUpFailed);
    expect(await profile(DOE)).toMatchObject({ standing: 'member' });
    app.workspace.script({
      method: 'users.info',
      answer: { kind: 'ratelimited', retryAfterSeconds: 9 },
    });
    await expect(profile(ROE)).rejects.toBeInstanceOf(LookUpFailed);
    const before = calls('users.info');
    await expect(profile(MOE)).rejects.toBeInstanceOf(LookUpFailed);
    expect(calls('users.info')).toBe(before);
    now += 9_001;
    expect(await profile(MOE)).toMatchObject({ standing: 'member' });
  });

  test('a user group names its members; one that is missing is a failure and not empty', async () => {
    const group = (id: string) => app.slack.directory.usergroupMembers(TEAM, id, TENANT);
    expect(await group(RELEASE)).toEqual([
      { team: TEAM, user: ROE },
      { team: TEAM, user: MOE },
    ]);
    await expect(group('S0MISSING1')).rejects.toBeInstanceOf(LookUpFailed);
    await expect(
      app.slack.directory.usergroupMembers(OTHER_TEAM, RELEASE, TENANT),
    ).rejects.toBeInstanceOf(LookUpFailed);
  });

  test('a channel is fit for incidents, shared, or not to be reached', async () => {
    const standing = (channel: string) => app.slack.channelStanding(TEAM, channel);
    expect(await standing(INCIDENTS)).toBe('ok');
    expect(await standing(SHARED)).toBe('shared');
    expect(await standing(ELSEWHERE)).toBe('unreachable');
    expect(await standing('C0MISSING1')).toBe('unreachable');
    app.workspace.script({ method: 'conversations.info', answer: { kind: 'drop-before-accept' } });
    expect(await standing(INCIDENTS)).toBe('unreachable');
  });
});
