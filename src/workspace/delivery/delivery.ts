import type { JsonObject } from '../json.ts';

/** The kinds of payload, named as Socket Mode names its envelopes. */
export type PayloadKind = 'slash_commands' | 'interactive' | 'events_api';

export interface Envelope {
  id: string;
  kind: PayloadKind;
  payload: JsonObject;
  /** Which attempt this is; above 0 for a redelivery. */
  retry: number;
}

/** Slack waits this long for an acknowledgement. */
export const ACK_TIMEOUT_MS = 3000;

/** Why a payload counts as not taken, in the words that Slack shows for slash commands. */
export type DeliveryFailure =
  /** No acknowledgement in time. */
  | 'operation_timeout'
  /** No socket is open, or the URL cannot be reached. */
  | 'dispatch_failed'
  /** The URL answered with a status other than 200. */
  | 'http_service_error';

export type Outcome =
  /** The body of the acknowledgement: JSON, text, or undefined if empty. */
  { acked: true; body: unknown } | { acked: false; reason: DeliveryFailure };

/** One delivery of an envelope, for assertions. */
export interface DeliveryRecord {
  envelope: Envelope;
  outcome: Outcome;
}

/** A way to the app: sockets or HTTP. */
export interface Transport {
  /** How long an acknowledgement is waited for. */
  readonly ackTimeoutMs: number;
  send(envelope: Envelope): Promise<Outcome>;
}
