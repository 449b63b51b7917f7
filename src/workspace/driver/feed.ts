import type { ServerResponse } from 'node:http';
import type { WorkspaceChange } from '../changes.ts';
import type { WorkspaceState } from '../state.ts';
import type { ReadMarks } from './screen-reads.ts';

/** Told again this often, for what no change tells of: a person who was deactivated, say. */
const BEAT_MS = 15_000;

/**
 * Server-Sent Events (HTML Living Standard §9.2): "something that this person can see has changed",
 * with the number of the change as data. Level-triggered: it says so once on connecting, and a
 * reader that missed any number of them needs only the next one.
 */
export function serveFeed(
  { state, reads }: { state: WorkspaceState; reads: ReadMarks },
  userId: string,
  response: ServerResponse,
): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  });
  const tell = (): void => void response.write(`data: ${state.changes.since().length}\n\n`);
  const stops = [
    state.changes.subscribe((change) => {
      if (concerns(state, userId, change)) tell();
    }),
    reads.subscribe((reader) => {
      if (reader === userId) tell();
    }),
  ];
  const beat = setInterval(tell, BEAT_MS).unref();
  response.once('close', () => {
    clearInterval(beat);
    for (const stop of stops) stop();
  });
  tell();
}

/** Whether a change can be seen by this person. */
function concerns(state: WorkspaceState, userId: string, change: WorkspaceChange): boolean {
  switch (change.kind) {
    case 'message_posted':
    case 'message_updated': {
      const { message } = change;
      if (message.is_ephemeral) return message.visible_to === userId;
      return isMember(state, message.channel, userId);
    }
    case 'message_deleted':
      return isMember(state, change.channel, userId);
    case 'view_opened':
    case 'view_updated':
    case 'view_closed':
    case 'home_published':
      return change.userId === userId;
    case 'delivery':
    case 'socket_connected':
    case 'socket_closed':
      return false;
  }
}

function isMember({ conversations }: WorkspaceState, channelId: string, userId: string): boolean {
  return conversations.get(channelId)?.members.has(userId) === true;
}
