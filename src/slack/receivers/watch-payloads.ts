import type { App, ReceiverEvent } from '@slack/bolt';
import { SLACK_PAYLOADS, type SlackPayload, type SlackWatch } from '#application/ports/slack-watch';

/** Has each payload watched from its arrival on, whichever way it came. */
export function watchPayloads(app: App, watch: SlackWatch): void {
  const process = app.processEvent.bind(app);
  app.processEvent = (event) =>
    watch.payload(kindOf(event.body), teamOf(event.body), (acked) =>
      process({
        ...event,
        ack: async (response) => {
          await event.ack(response);
          acked();
        },
      }),
    );
}

type Body = ReceiverEvent['body'];

function kindOf({ type, command }: Body): SlackPayload {
  if (type === undefined && command !== undefined) return 'command';
  if (type === 'event_callback') return 'event';
  return SLACK_PAYLOADS.find((kind) => kind === type) ?? 'other';
}

/** Where Slack says so; a payload is read with more care by who handles it. */
function teamOf({ team_id: id, team }: Body): string | undefined {
  const own: unknown = id ?? (team as { readonly id?: unknown } | null | undefined)?.id;
  return typeof own === 'string' ? own : undefined;
}
