import type { StateValues } from '../block-kit/state-values.ts';
import type { JsonObject } from '../json.ts';

/** A modal or Home tab as Slack sends it to the app. */
export interface StoredView {
  id: string;
  team_id: string;
  type: 'modal' | 'home';
  blocks: JsonObject[];
  private_metadata: string;
  callback_id: string;
  external_id: string;
  state: { values: StateValues };
  /** Changes with each update; `views.update` compares it. */
  hash: string;
  title: JsonObject;
  close: JsonObject | null;
  submit: JsonObject | null;
  clear_on_close: boolean;
  notify_on_close: boolean;
  root_view_id: string;
  previous_view_id: string | null;
  app_id: string;
  app_installed_team_id: string;
  bot_id: string;
}
