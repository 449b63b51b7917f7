/** An event as the Events API v2 takes it. */
export interface AlertEvent {
  readonly routing_key: string;
  readonly event_action: 'trigger' | 'acknowledge' | 'resolve';
  readonly dedup_key: string;
  readonly client_url?: string;
  readonly links?: readonly { readonly href: string; readonly text?: string }[];
  readonly payload?: {
    readonly summary: string;
    readonly source: string;
    readonly severity: string;
    readonly custom_details?: Readonly<Record<string, unknown>>;
  };
}

/** As it may come: any of its members missing. */
type Untrusted = Partial<Omit<AlertEvent, 'payload'>> & {
  readonly payload?: Partial<NonNullable<AlertEvent['payload']>>;
};

const SEVERITIES = ['critical', 'error', 'warning', 'info'];

/** The event in a body, or what is wrong with it. */
export function enqueued(body: string): AlertEvent | { readonly errors: readonly string[] } {
  const event = JSON.parse(body) as Untrusted;
  const errors = [
    ...keyErrors(event),
    ...(event.event_action === 'trigger' ? payloadErrors(event) : []),
  ];
  return errors.length > 0 ? { errors } : (event as AlertEvent);
}

function keyErrors(event: Untrusted): readonly string[] {
  const { routing_key: key = '', event_action: action = '', dedup_key: dedup } = event;
  return [
    ...(key.length === 32
      ? []
      : ["Length of 'routing_key' is incorrect (should be 32 characters)"]),
    ...(['trigger', 'acknowledge', 'resolve'].includes(action)
      ? []
      : ["'event_action' is missing or invalid"]),
    ...(dedup === undefined && action !== 'trigger' ? ["'dedup_key' is missing"] : []),
    ...((dedup ?? '').length > 255 ? ["'dedup_key' is too long"] : []),
  ];
}

function payloadErrors({ payload, links = [] }: Untrusted): readonly string[] {
  if (payload === undefined) return ["'payload' is missing or blank"];
  const { summary = '', source = '', severity = '' } = payload;
  return [
    ...(summary === '' || summary.length > 1_024
      ? ["'payload.summary' is missing or too long"]
      : []),
    ...(source === '' ? ["'payload.source' is missing or blank"] : []),
    ...(SEVERITIES.includes(severity) ? [] : ["'payload.severity' is invalid"]),
    ...(links.every((one) => URL.canParse(one.href)) ? [] : ["'links' is invalid"]),
  ];
}
