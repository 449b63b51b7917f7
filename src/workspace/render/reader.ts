/** Who reads: names for mentions, their time zone, and the time it is. */
export interface Reader {
  /** IANA zone for Slack date tokens; `UTC` if absent. */
  viewerTz?: string;
  /** Milliseconds since the Unix epoch, for `today`, `yesterday` and `{ago}`; absent: plain dates. */
  nowMs?: number;
  /** The name behind a user, user group or channel id; the id itself is shown if undefined. */
  nameOf?: (id: string) => string | undefined;
}
