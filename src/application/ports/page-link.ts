import type { BypassId, TenantId } from '#domain/ids';
import type { MessageRef } from './press.ts';

/** Where a page that is sent beside Slack leads. */
export interface PageLinks {
  /**
   * The link of one request, the same for each page about it. Where people can sign in it leads to a
   * page on which an approver decides without Slack; where they cannot it only opens Slack. It is a
   * secret of those who are paged: it belongs into the page alone, never into a log, a job or an entry.
   *
   * @returns `null` where there is nothing to lead to.
   */
  linkFor(tenant: TenantId, bypass: BypassId): Promise<string | null>;
}

/** Links that open Slack. */
export interface SlackLinks {
  /** To a message; `null` where Slack does not say. */
  ofMessage(team: string, message: MessageRef): Promise<string | null>;
  /** To each reader's own conversation with the app; `null` where that is not known. */
  ofApp(team: string): Promise<string | null>;
}
