import { App, LogLevel } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import type { Workspace, WorkspaceSeed } from '#workspace/workspace';

/** A small company's workspace: an on-call, two approvers, a guest, somebody who left. */
export const ANA = 'U0ANA00001';
export const BEN = 'U0BEN00001';
export const CYD = 'U0CYD00001';
const GUEST = 'U0GUEST001';
export const GONE = 'U0GONE0001';
export const BOT = 'U0BOT00001';
export const GENERAL = 'C0GENERAL1';
export const INCIDENTS = 'C0INCIDENT';
export const WITHOUT_BOT = 'C0NOBOT001';
export const SECRET = 'C0SECRET01';
export const LEADS = 'S0LEADS001';

export const BOT_TOKEN = 'xoxb-acme-bot';
export const APP_TOKEN = 'xapp-acme-app';
export const SIGNING_SECRET = 'acme-signing-secret';

const SHORTCUTS = [
  { type: 'global', name: 'Break glass', callbackId: 'ask' },
  { type: 'message', name: 'Break glass here', callbackId: 'ask_here' },
] as const;

/** How the driver is spoken to. */
export const JSON_TYPE = { 'content-type': 'application/json' };

export function acme(app: Partial<WorkspaceSeed['app']> = {}): WorkspaceSeed {
  const everybody = [ANA, BEN, CYD];
  return {
    teams: [{ id: 'T0ACME0001', name: 'Acme', domain: 'acme' }],
    users: [
      { id: ANA, name: 'ana', realName: 'Ana Ortiz', email: 'ana@acme.test', tz: 'Europe/Madrid' },
      { id: BEN, name: 'ben', realName: 'Ben Okafor', email: 'ben@acme.test' },
      { id: CYD, name: 'cyd', realName: 'Cyd Lund', email: 'cyd@acme.test' },
      { id: GUEST, name: 'guest', realName: 'A Guest', isUltraRestricted: true },
      { id: GONE, name: 'gone', realName: 'Somebody Gone', deleted: true },
    ],
    userGroups: [{ id: LEADS, handle: 'leads', name: 'Leads', members: [BEN, CYD] }],
    channels: [
      { id: GENERAL, name: 'general', members: [...everybody, GUEST, BOT] },
      { id: INCIDENTS, name: 'incidents', members: [...everybody, BOT] },
      { id: WITHOUT_BOT, name: 'random', members: everybody },
      { id: SECRET, name: 'secret', isPrivate: true, members: everybody },
    ],
    app: {
      id: 'A0ACME0001',
      name: 'Break Glass',
      botUserId: BOT,
      botToken: BOT_TOKEN,
      appToken: APP_TOKEN,
      signingSecret: SIGNING_SECRET,
      scopes: ['commands', 'chat:write', 'im:write', 'users:read'],
      slashCommands: ['/breakglass'],
      shortcuts: [...SHORTCUTS],
      delivery: { mode: 'socket' },
      ...app,
    },
  };
}

/** A client without retries: each test sees the first answer. */
export function clientOf(workspace: Workspace, options: WebClientOptions = {}, token = BOT_TOKEN) {
  return new WebClient(token, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
    ...options,
  });
}

/** Bolt over Socket Mode, not started yet. */
export function boltOverSockets(workspace: Workspace): App {
  return new App({
    token: BOT_TOKEN,
    appToken: APP_TOKEN,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: workspace.apiUrl },
  });
}

export const plain = (text: string) => ({ type: 'plain_text' as const, text });
export const section = (text: string) => ({
  type: 'section' as const,
  text: { type: 'mrkdwn' as const, text },
});

/** What Slack refused a call with: its error code, and the places it named. */
export async function refusal(
  call: Promise<unknown>,
): Promise<{ error: string; messages: string[]; needed?: string; provided?: string }> {
  try {
    await call;
  } catch (error) {
    const { data } = error as {
      data: {
        error: string;
        needed?: string;
        provided?: string;
        response_metadata?: { messages?: string[] };
      };
    };
    return { ...data, messages: data.response_metadata?.messages ?? [] };
  }
  throw new Error('The call was not refused.');
}
