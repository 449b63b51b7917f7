import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { SHORTCUTS } from '#slack/action-ids';
import { createSlack, type Slack, type SlackOptions } from '#slack/slack';
import { startWorkspace, type Workspace, type WorkspaceSeed } from '#workspace/workspace';
import {
  CopiesInMemory,
  FormsInMemory,
  HomesInMemory,
  MineInMemory,
  PressesInMemory,
} from './fake-ports.ts';
import { DOE, MOE, ROE, TEAM } from './sample-card.ts';

export const BOT = 'U0BOT00001';
export const INCIDENTS = 'C0INCIDENT';
export const SHARED = 'C0SHARED01';
export const ELSEWHERE = 'C0ELSE0001';
export const GUEST = 'U0GUEST001';
export const GONE = 'U0GONE0001';
export const STRANGER = 'U0STRANGER';
export const RELEASE = 'S0RELEASE1';
export const OTHER_TEAM = 'T0OTHER001';

const APP = {
  botToken: 'xoxb-acme',
  appToken: 'xapp-acme',
  signingSecret: 'a-signing-secret',
};

function seed(app: Partial<WorkspaceSeed['app']> = {}): WorkspaceSeed {
  const everybody = [DOE, ROE, MOE];
  return {
    teams: [
      { id: TEAM, name: 'Acme', domain: 'acme' },
      { id: OTHER_TEAM, name: 'Other', domain: 'other' },
    ],
    users: [
      { id: DOE, name: 'doe', realName: 'J. Doe', email: 'j.doe@acme.example' },
      { id: ROE, name: 'roe', realName: 'R. Roe' },
      { id: MOE, name: 'moe', realName: 'M. Moe' },
      { id: GUEST, name: 'guest', realName: 'A Guest', isUltraRestricted: true },
      { id: GONE, name: 'gone', realName: 'Left Us', deleted: true },
      {
        id: STRANGER,
        name: 'stranger',
        realName: 'S. Tranger',
        teamId: OTHER_TEAM,
        isStranger: true,
      },
    ],
    userGroups: [{ id: RELEASE, handle: 'release', name: 'Release', members: [ROE, MOE] }],
    channels: [
      { id: INCIDENTS, name: 'incidents', members: [...everybody, BOT] },
      { id: SHARED, name: 'shared', isExtShared: true, members: [...everybody, STRANGER, BOT] },
      { id: ELSEWHERE, name: 'elsewhere', members: everybody },
    ],
    app: {
      id: 'A0ACME0001',
      name: 'Break-glass',
      botUserId: BOT,
      scopes: [
        'commands',
        'chat:write',
        'im:write',
        'users:read',
        'users:read.email',
        'usergroups:read',
        'channels:read',
        'groups:read',
      ],
      slashCommands: ['/breakglass'],
      events: ['app_home_opened'],
      shortcuts: [
        { type: 'global', name: 'Ask for a bypass', callbackId: SHORTCUTS.anywhere },
        { type: 'message', name: 'Ask for a bypass here', callbackId: SHORTCUTS.fromMessage },
        { type: 'message', name: 'Add to timeline', callbackId: SHORTCUTS.mark },
      ],
      delivery: { mode: 'socket' },
      ...APP,
      ...app,
    },
  };
}

export interface RunningApp {
  readonly workspace: Workspace;
  readonly slack: Slack;
  readonly forms: FormsInMemory;
  readonly mine: MineInMemory;
  readonly homes: HomesInMemory;
  readonly presses: PressesInMemory;
  readonly copies: CopiesInMemory;
  readonly logged: string[];
  close(): Promise<void>;
}

interface Change {
  readonly app?: Partial<WorkspaceSeed['app']>;
  readonly slack?: Partial<SlackOptions>;
  readonly start?: boolean;
}

/** The real app against a local workspace, over sockets or over HTTP. */
export async function runningApp(
  mode: 'socket' | 'http',
  { app = {}, slack: options = {}, start = true }: Change = {},
): Promise<RunningApp> {
  const server = mode === 'http' ? await listening() : undefined;
  const delivery = server
    ? { mode: 'http' as const, requestUrl: `${originOf(server)}/slack/events` }
    : { mode: 'socket' as const };
  const workspace = await startWorkspace({ seed: seed({ delivery, ...app }) });
  const forms = new FormsInMemory();
  const mine = new MineInMemory();
  const homes = new HomesInMemory();
  const presses = new PressesInMemory();
  const copies = new CopiesInMemory();
  const logged: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) });
  const slack = createSlack({
    mode,
    ...APP,
    apiUrl: workspace.apiUrl,
    forms,
    mine,
    homes,
    presses,
    copies,
    log,
    ...options,
  });
  server?.on('request', (request, response) => slack.handler?.(request, response));
  if (start) await slack.start();
  const close = async () => {
    await slack.stop();
    await workspace.close();
    server?.closeAllConnections();
    server?.close();
  };
  return { workspace, slack, forms, mine, homes, presses, copies, logged, close };
}

async function listening(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export const originOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
