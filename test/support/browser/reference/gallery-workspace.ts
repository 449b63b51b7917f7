import { App, LogLevel } from '@slack/bolt';
import { startWorkspace, type Workspace, type WorkspaceSeed } from '#workspace/workspace';
import { AT, DOE, MOE, ROE, TEAM } from '#test/slack/app/sample-card';
import type { Shown } from '#test/support/gallery/shown';

const BOT = 'U0BOT00001';
export const CHANNEL = 'C0INCIDENT';
export const READER = DOE;
const MINUTE_MS = 60_000;

const SECRETS = { botToken: 'xoxb-gallery', appToken: 'xapp-gallery', signingSecret: 'gallery' };

const SEED: WorkspaceSeed = {
  teams: [{ id: TEAM, name: 'Acme', domain: 'acme' }],
  users: [
    { id: DOE, name: 'doe', realName: 'J. Doe', tz: 'Europe/Berlin' },
    { id: ROE, name: 'roe', realName: 'R. Roe', tz: 'Europe/Berlin' },
    { id: MOE, name: 'moe', realName: 'M. Moe', tz: 'Europe/Berlin' },
  ],
  channels: [
    { id: CHANNEL, name: 'incidents', members: [DOE, ROE, MOE, BOT] },
    { id: 'C0SECURITY', name: 'security-audit', members: [DOE, ROE, MOE, BOT] },
  ],
  app: {
    id: 'A0ACME0001',
    name: 'Break-glass',
    botUserId: BOT,
    scopes: ['commands', 'chat:write', 'im:write'],
    slashCommands: ['/breakglass'],
    delivery: { mode: 'socket' },
    ...SECRETS,
  },
};

/** A workspace whose app shows what it is given, as the service's own would. */
export interface GalleryWorkspace extends AsyncDisposable {
  readonly workspace: Workspace;
  /** Posts, opens or publishes it; each message stands under a name of its own. */
  show(shown: Shown): Promise<void>;
  /** Closes the modal that is open. */
  closeModal(): Promise<void>;
}

export async function galleryWorkspace(): Promise<GalleryWorkspace> {
  let now = AT;
  const workspace = await startWorkspace({ seed: SEED, clock: { now: () => now } });
  const app = new App({
    token: SECRETS.botToken,
    appToken: SECRETS.appToken,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: workspace.apiUrl },
  });
  let next: Extract<Shown, { kind: 'modal' }> | undefined;
  app.command('/breakglass', async ({ ack, client, command }) => {
    await ack();
    if (next) await client.views.open({ trigger_id: command.trigger_id, view: next.view });
  });
  app.view(/./, async ({ ack }) => {
    await ack({ response_action: 'errors', errors: { ...next?.errors } });
  });
  await app.start();
  const reader = workspace.as(READER);
  return {
    workspace,
    async show(shown) {
      // A later message is then nobody's continuation: it bears the app's name.
      now += 6 * MINUTE_MS;
      const { chat, views } = app.client;
      switch (shown.kind) {
        case 'message': {
          const message = { channel: CHANNEL, ...shown.message };
          await (shown.audience === 'kept'
            ? chat.postMessage(message)
            : chat.postEphemeral({ ...message, user: READER }));
          return;
        }
        case 'answer':
          await chat.postEphemeral({ channel: CHANNEL, user: READER, text: shown.text });
          return;
        case 'modal':
          next = shown;
          await reader.command('/breakglass', '', CHANNEL);
          await workspace.waitForView(READER);
          return;
        case 'home':
          await views.publish({ user_id: READER, view: shown.view });
      }
    },
    closeModal: () => reader.closeView(),
    async [Symbol.asyncDispose]() {
      await app.stop();
      await workspace.close();
    },
  };
}
