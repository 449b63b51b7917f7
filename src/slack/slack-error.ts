export type SlackStartCode =
  /** The token is wrong, revoked, or belongs to a removed app. */
  | 'bad-token'
  | 'bad-app-token'
  /** A setting that this mode needs is missing. */
  | 'missing-setting'
  /** The token is good, and of a workspace that is not this tenant's. */
  | 'another-workspace'
  /** Slack could not be reached or did not answer in time. */
  | 'unreachable';

/** Slack could not be started with these settings. The token itself is never in it. */
export class SlackStartFailed extends Error {
  override name = 'SlackStartFailed';
  readonly code: SlackStartCode;
  constructor(code: SlackStartCode, what: string, options?: ErrorOptions) {
    super(`Slack was not started: ${what}`, options);
    this.code = code;
  }
}

/** Something did not finish in the time there was. */
export class TooSlow extends Error {
  override name = 'TooSlow';
  readonly code = 'too-slow';
}
