import type { App } from '@slack/bolt';
import { z } from 'zod';
import type { Dependencies } from './dependencies.ts';

const ended = z.object({
  team_id: z.string().nullish(),
  enterprise_id: z.string().nullish(),
});

/**
 * The app was taken out of a workspace, or its token revoked. Slack sends both events, in either
 * order, late, and even after the app was installed again: they only have somebody look. One that is
 * lost is made up for by the next call, which Slack refuses.
 */
export function listenToEndings(app: App, { installations, suspect, log }: Dependencies): void {
  for (const event of ['app_uninstalled', 'tokens_revoked'] as const)
    app.event(event, async ({ body }) => {
      const { team_id: team = null, enterprise_id: enterprise = null } = ended.parse(body);
      log.warn({ event, team, enterprise }, 'Slack says that the app is no longer installed');
      const found = await installations.warm(team, enterprise);
      if (found?.id !== undefined && found.tenant !== undefined)
        await suspect(found.tenant, found.id);
    });
}
