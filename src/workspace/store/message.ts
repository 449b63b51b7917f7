import type { JsonObject } from '../json.ts';

/** A message as Slack's API shows it, with its channel and who alone may see it. */
export interface Message {
  type: 'message';
  channel: string;
  /** Its identity within the channel. */
  ts: string;
  user: string;
  team: string;
  text: string;
  bot_id?: string;
  app_id?: string;
  blocks?: JsonObject[];
  attachments?: JsonObject[];
  thread_ts?: string;
  metadata?: JsonObject;
  edited?: { user: string; ts: string };
  /** Set on a message that only `visible_to` sees. */
  is_ephemeral?: true;
  visible_to?: string;
  [field: string]: unknown;
}
