import type { WorkspaceSeed } from '#workspace/workspace';

/** The people of the demo's company, by their part in an incident. */
export const PEOPLE = {
  onCall: { id: 'U0JDOE0001', name: 'J. Doe' },
  release1: { id: 'U0RROE0001', name: 'R. Roe' },
  release2: { id: 'U0MMOE0001', name: 'M. Moe' },
  senior: { id: 'U0SSEN0001', name: 'S. Senior' },
  engineer: { id: 'U0EENG0001', name: 'E. Engineer' },
} as const;

export type Part = keyof typeof PEOPLE;

const TEAM = 'T0DEMO0001';
export const INCIDENTS = 'C0INCIDENT';
const BOT = 'U0BREAKGLS';

export const TOKENS = {
  bot: 'xoxb-demo-workspace',
  app: 'xapp-demo-workspace',
  signing: 'demo-signing-secret-0001',
};

/** A workspace of five engineers, one incident channel and the app with the manifest's scopes. */
export function company(): WorkspaceSeed {
  const people = Object.values(PEOPLE);
  const members = people.map((person) => person.id);
  return {
    teams: [{ id: TEAM, name: 'Acme (demo)', domain: 'acme-demo' }],
    users: people.map(({ id, name }) => {
      const handle = name.toLowerCase().replace(/[^a-z]/g, '');
      return { id, name: handle, realName: name, email: `${handle}@acme.example` };
    }),
    userGroups: [{ id: 'S0ENGINEER', handle: 'engineers', name: 'Engineers', members }],
    channels: [
      { id: INCIDENTS, name: 'incidents', members: [...members, BOT] },
      { id: 'C0SECURITY', name: 'security-audit', members: [...members, BOT] },
    ],
    app: {
      id: 'A0BREAKGLS',
      name: 'Break-glass',
      botUserId: BOT,
      botToken: TOKENS.bot,
      appToken: TOKENS.app,
      signingSecret: TOKENS.signing,
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
      delivery: { mode: 'socket' },
    },
  };
}
