import type { JsonObject } from './json.ts';

/** One call that the app made, for assertions. Tokens are never kept. */
export interface LoggedCall {
  /** A Web API method, or `response_url`. */
  method: string;
  args: JsonObject;
  /** What the app was answered; undefined while in progress and after a dropped connection. */
  result?: JsonObject;
  /** HTTP status; 0 if the connection was dropped. */
  status?: number;
  /** The team whose token was used. */
  teamId?: string;
  /** Milliseconds since the Unix epoch. */
  at: number;
}
