import { randomBytes } from 'node:crypto';
import { SHORTCUTS } from '#slack/action-ids';
import type { SeedApp, SeedUser, WorkspaceSeed } from '#workspace/workspace';

/** The people of the demo's company, by their part in an incident. */
export const PEOPLE = {
  onCall: { id: 'U0JDOE0001', name: 'J. Doe', role: 'on call' },
  release1: { id: 'U0RROE0001', name: 'R. Roe', role: 'release group' },
  release2: { id: 'U0MMOE0001', name: 'M. Moe', role: 'release group' },
  senior: { id: 'U0SSEN0001', name: 'S. Senior', role: 'database senior, admin' },
  engineer: { id: 'U0EENG0001', name: 'E. Engineer', role: 'engineer' },
} as const;

/** People whom the policy gives nothing to decide: what they try is refused, and they are told why. */
export const OUTSIDERS = {
  onCallAgain: {
    id: 'U0JDOE0002',
    name: 'J. Doe (second account)',
    role: 'the same person, another account',
  },
  bystander: { id: 'U0BSTAN001', name: 'B. Stander', role: 'member, in no group' },
  guest: { id: 'U0GGUES001', name: 'G. Guest', role: 'guest' },
  former: { id: 'U0FFORM001', name: 'F. Former', role: 'deactivated' },
  stranger: { id: 'U0XEXTE001', name: 'X. External', role: 'of Globex, another company' },
} as const;

export type Part = keyof typeof PEOPLE;

const TEAM = 'T0DEMO0001';
const OTHER_TEAM = 'T0GLOBEX01';
export const INCIDENTS = 'C0INCIDENT';
export const BOT = 'U0BREAKGLS';

/** What sets an outsider apart in the workspace's own books. */
const STANDING: Readonly<Record<string, Partial<SeedUser>>> = {
  [OUTSIDERS.guest.id]: { isRestricted: true },
  [OUTSIDERS.former.id]: { deleted: true },
  [OUTSIDERS.stranger.id]: { teamId: OTHER_TEAM, isStranger: true },
};

/** What the app and the workspace know each other by. */
interface AppSecrets {
  readonly bot: string;
  readonly app: string;
  readonly signing: string;
}

/** New ones for each demo: a page in the visitor's browser that knew them could act as the app. */
export function newAppSecrets(): AppSecrets {
  const secret = (): string => randomBytes(24).toString('hex');
  return { bot: `xoxb-demo-${secret()}`, app: `xapp-demo-${secret()}`, signing: secret() };
}

/** Five engineers and some who may decide nothing, their channels, and the app as its manifest has it. */
export function company(secrets: AppSecrets): WorkspaceSeed {
  const engineers = Object.values(PEOPLE).map((person) => person.id);
  const { onCallAgain, bystander, guest, former, stranger } = OUTSIDERS;
  const ours = [...engineers, onCallAgain.id, bystander.id];
  return {
    teams: [
      { id: TEAM, name: 'Acme (demo)', domain: 'acme-demo' },
      { id: OTHER_TEAM, name: 'Globex', domain: 'globex-demo' },
    ],
    users: [...Object.values(PEOPLE), ...Object.values(OUTSIDERS)].map(user),
    userGroups: [
      {
        id: 'S0ENGINEER',
        handle: 'engineers',
        name: 'Engineers',
        members: [...engineers, onCallAgain.id, former.id],
      },
    ],
    channels: [
      { id: INCIDENTS, name: 'incidents', members: [...ours, guest.id, BOT] },
      { id: 'C0SECURITY', name: 'security-audit', members: [...engineers, BOT] },
      {
        id: 'C0WITHGLOB',
        name: 'with-globex',
        isExtShared: true,
        members: [PEOPLE.onCall.id, PEOPLE.engineer.id, stranger.id, BOT],
      },
    ],
    app: app(secrets),
  };
}

function user({ id, name }: { readonly id: string; readonly name: string }): SeedUser {
  const handle = name.toLowerCase().replace(/[^a-z]/g, '');
  // Whoever opens the demo reads its times in their own zone.
  const tz = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const email = `${handle}@${id === OUTSIDERS.stranger.id ? 'globex' : 'acme'}.example`;
  return { id, name: handle, realName: name, email, tz, ...STANDING[id] };
}

function app({ bot, app: appToken, signing }: AppSecrets): SeedApp {
  return {
    id: 'A0BREAKGLS',
    name: 'Break-glass',
    botUserId: BOT,
    botToken: bot,
    appToken,
    signingSecret: signing,
    scopes: [
      'commands',
      'chat:write',
      'im:write',
      'users:read',
      'usergroups:read',
      'users:read.email',
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
  };
}
