/** What Slack sends, by kind. */
export const SLACK_PAYLOADS = [
  'command',
  'block_actions',
  'view_submission',
  'view_closed',
  'shortcut',
  'message_action',
  'event',
  'other',
] as const;

export type SlackPayload = (typeof SLACK_PAYLOADS)[number];

/** What became of a call that brought no result. */
export type FailedCall =
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number }
  | { readonly kind: 'refused' | 'unreached' | 'unanswered' };

/** Hears of what goes on between Slack and us. It counts and times, and changes nothing. */
export interface SlackWatch {
  /** @param work is to call what it is given as soon as the payload is acknowledged. */
  payload<T>(
    kind: SlackPayload,
    team: string | undefined,
    work: (acked: () => void) => Promise<T>,
  ): Promise<T>;
  /** @param failureOf says why it failed, where it did. */
  call<T>(
    method: string,
    work: () => Promise<T>,
    failureOf: (error: unknown) => FailedCall,
  ): Promise<T>;
}

export const UNWATCHED: SlackWatch = {
  payload: (_kind, _team, work) => work(() => undefined),
  call: (_method, work) => work(),
};
