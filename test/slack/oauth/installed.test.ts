import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { StoredInstallation } from '#application/ports/installs';
import { tenantId } from '#domain/ids';
import { slackLogger } from '#slack/clients/slack-logger';
import { NEEDED_SCOPES, SCOPES } from '#slack/installs/scopes';
import { slackOAuth } from '#slack/installs/slack-oauth';
import { createSlack, type Slack } from '#slack/slack';
import { startWorkspace, type Workspace } from '#workspace/workspace';
import { CopiesInMemory, FormsInMemory, MineInMemory, PressesInMemory } from '../app/fake-ports.ts';

const TEAM = 'T0ACME0001';
const ELSEWHERE = 'T0OTHER001';
const ENTERPRISE = 'E0ACME0001';
const GROUP = 'S0RELEASE1';
const MEMBER = 'U0MEMBER01';
const CLIENT = { clientId: '1234.5678', clientSecret: 'a-client-secret' };
const REDIRECT = 'https://breakglass.example.com/slack/install/callback';
const [ACME, OTHER] = [tenantId('acme'), tenantId('other')];

/** Who may only look, by what they are. */
const OUTSIDERS = {
  U0GUEST001: 'guest',
  U0GUEST002: 'guest',
  U0GONE0001: 'deactivated',
  U0ROBOT001: 'bot',
  U0STRANGER: 'foreign',
  U0NOBODY01: 'unknown',
} as const;

const KINDS = {
  'one workspace': { teamId: TEAM },
  'a whole organisation': { enterpriseId: ENTERPRISE },
} as const;

async function acme(rotates = false): Promise<Workspace> {
  return startWorkspace({
    seed: {
      teams: [
        { id: TEAM, name: 'Acme', domain: 'acme', enterpriseId: ENTERPRISE },
        { id: ELSEWHERE, name: 'Other', domain: 'other' },
      ],
      users: [
        { id: MEMBER, name: 'doe', realName: 'J. Doe', email: 'j.doe@acme.example' },
        { id: 'U0GUEST001', name: 'guest', realName: 'A Guest', isRestricted: true },
        { id: 'U0GUEST002', name: 'single', realName: 'A Guest', isUltraRestricted: true },
        { id: 'U0GONE0001', name: 'gone', realName: 'Left Us', deleted: true },
        { id: 'U0ROBOT001', name: 'robot', realName: 'A Robot', isBot: true },
        {
          id: 'U0STRANGER',
          name: 'stranger',
          realName: 'S. Tranger',
          teamId: ELSEWHERE,
          isStranger: true,
        },
      ],
      userGroups: [{ id: GROUP, handle: 'release', name: 'Release', members: [MEMBER] }],
      channels: [{ id: 'C0INCIDENT', name: 'incidents', members: [MEMBER] }],
      app: {
        id: 'A0ACME0001',
        name: 'Break-glass',
        botUserId: 'U0UNUSED01',
        botToken: 'xoxb-unused',
        appToken: 'xapp-acme',
        signingSecret: 'a-signing-secret',
        scopes: [],
        slashCommands: ['/breakglass'],
        installedAtHome: false,
        oauth: { ...CLIENT, redirectUrls: [REDIRECT], rotates },
        delivery: { mode: 'socket' },
      },
    },
  });
}

describe.each(Object.entries(KINDS))('installed for %s', (_kind, place) => {
  let workspace: Workspace;
  let slack: Slack;
  let installed: StoredInstallation;
  let suspected: string[];
  let logged: string[];
  let now = 0;

  const install = async (scopes: readonly string[] = SCOPES): Promise<void> => {
    const logger = slackLogger(pino({ level: 'silent' }));
    const options = { ...CLIENT, redirectUrl: REDIRECT, apiUrl: workspace.apiUrl, logger };
    const oauth = slackOAuth(options);
    const back = workspace.allowInstall(oauth.authorizeUrl('s'), place, [...scopes]);
    const given = await oauth.exchange(new URL(back).searchParams.get('code') ?? '');
    const { tokens, ...rest } = given;
    installed = { ...rest, tenant: ACME, id: 'i-1', token: tokens.access };
  };

  beforeEach(async () => {
    now = 1_000_000;
    workspace = await acme();
    suspected = [];
    logged = [];
    await install();
    slack = createSlack({
      mode: 'socket',
      appToken: 'xapp-acme',
      apiUrl: workspace.apiUrl,
      installs: {
        find: async (team) => (team === TEAM ? installed : null),
        isBound: async (team, tenant) => team === ELSEWHERE && tenant === OTHER,
        suspect: async (_tenant, id) => void suspected.push(id),
      },
      forms: new FormsInMemory(),
      mine: new MineInMemory(),
      homes: { opened: async () => undefined },
      presses: new PressesInMemory(),
      copies: new CopiesInMemory(),
      log: pino({}, { write: (line: string) => void logged.push(line) }),
      clock: () => now,
    });
  });
  afterEach(async () => {
    await slack.stop();
    await workspace.close();
  });

  const profile = (user: string, team = TEAM, tenant = ACME) =>
    slack.directory.profile({ team, user }, tenant);

  test('a member may decide', async () => {
    expect(installed.team).toBe('teamId' in place ? TEAM : null);
    expect(await profile(MEMBER)).toMatchObject({ standing: 'member', name: 'J. Doe' });
    expect(await slack.directory.usergroupMembers(TEAM, GROUP, ACME)).toEqual([
      { team: TEAM, user: MEMBER },
    ]);
    const [asked] = workspace.calls('usergroups.users.list');
    expect(asked?.args['team_id']).toBe('teamId' in place ? undefined : TEAM);
  });

  test.each(Object.entries(OUTSIDERS))(
    '%s, who is %s, sees and never decides',
    async (user, is) => {
      expect(await profile(user)).toMatchObject({ standing: is });
    },
  );

  test('another tenant reaches nobody through it', async () => {
    expect(await profile(MEMBER, TEAM, OTHER)).toMatchObject({ standing: 'foreign', name: MEMBER });
    await expect(slack.directory.usergroupMembers(TEAM, GROUP, OTHER)).rejects.toMatchObject({
      code: 'look-up-failed',
    });
    const note = { kind: 'failed', reference: 'r' } as const;
    const told = slack.publisher.tell({ team: TEAM, user: MEMBER }, null, note, OTHER);
    await expect(told).rejects.toMatchObject({ code: 'not-installed' });
    const news = { origin: 'o', size: 1, root: 'r', note: 'n', evaluation: false };
    const said = { kind: 'checkpoint', checkpoint: news } as const;
    const announced = slack.announcer.announce(TEAM, 'C0INCIDENT', said, OTHER);
    await expect(announced).rejects.toMatchObject({ code: 'not-installed' });
    // Nobody of a workspace without the app is anybody here; of one's own without it nothing is known.
    expect(await profile(MEMBER, ELSEWHERE)).toMatchObject({ standing: 'foreign' });
    await expect(profile(MEMBER, ELSEWHERE, OTHER)).rejects.toMatchObject({
      code: 'look-up-failed',
    });
    expect(workspace.calls().filter(({ method }) => method !== 'oauth.v2.access')).toEqual([]);
  });

  test('a token that Slack takes no more is suspected once, and read anew', async () => {
    await profile(MEMBER);
    now += 20_000;
    await workspace.uninstall(TEAM);
    for (const user of [MEMBER, 'U0GUEST001'])
      await expect(profile(user)).rejects.toMatchObject({ code: 'look-up-failed' });
    await install();
    expect(await profile(MEMBER)).toMatchObject({ standing: 'member' });
    expect(new Set(suspected)).toEqual(new Set(['i-1']));
  });

  test.each([
    ['usergroups:read', () => slack.directory.usergroupMembers(TEAM, GROUP, ACME)],
    ['users:read', () => profile(MEMBER)],
  ])('without %s nothing is decided, and the log says why', async (scope, look) => {
    await install(SCOPES.filter((one) => one !== scope));
    await expect(look()).rejects.toMatchObject({ code: 'look-up-failed' });
    expect(logged.join('\n')).toContain(`without the scope ${scope}`);
  });

  test('with no more than it needs, people have no address and channels are not looked at', async () => {
    await install(NEEDED_SCOPES);
    expect(await profile(MEMBER)).toMatchObject({ standing: 'member', email: null });
    expect(await slack.channelStanding(TEAM, 'C0INCIDENT')).toBe('unreachable');
    expect(logged.join('\n')).toContain('without the scope channels:read');
  });
});

test('where tokens rotate, each is renewed once, and one that is given back serves no more', async () => {
  const workspace = await acme(true);
  onTestFinished(() => workspace.close());
  const logger = slackLogger(pino({ level: 'silent' }));
  const oauth = slackOAuth({ ...CLIENT, redirectUrl: REDIRECT, apiUrl: workspace.apiUrl, logger });
  const back = workspace.allowInstall(oauth.authorizeUrl('s'), { teamId: TEAM });
  const { tokens } = await oauth.exchange(new URL(back).searchParams.get('code') ?? '');
  expect(tokens.ttlMs).toBe(12 * 3_600_000);
  const renewed = await oauth.renew(tokens.refresh ?? '');
  expect(renewed.access).not.toBe(tokens.access);
  expect(await oauth.serves(renewed.access)).toBe(true);
  await expect(oauth.renew(tokens.refresh ?? '')).rejects.toMatchObject({ code: 'refused' });
  await oauth.revoke(renewed.access);
  expect(await oauth.serves(renewed.access)).toBe(false);
  // Given back twice it is given back.
  await oauth.revoke(renewed.access);
  await workspace.close();
  await expect(oauth.serves(renewed.access)).rejects.toMatchObject({ code: 'unreachable' });
});
