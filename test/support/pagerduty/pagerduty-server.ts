import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { enqueued, type AlertEvent } from './events.ts';
import { onCallsAt, type Shift, type Target } from './on-calls.ts';

/** PagerDuty as far as this service speaks to it, on loopback. */
export interface PagerDutyServer {
  readonly url: string;
  /** Takes requests with this token alone. */
  readonly token: string;
  /** A schedule, in no escalation policy yet, and who is on call by it. */
  schedule(id: string, shifts: readonly Shift[]): void;
  /** An escalation policy: what its levels page, the first first. */
  escalationPolicy(id: string, levels: readonly (readonly Target[])[]): void;
  /** Every event that was taken, in order; by the routing key that it came with. */
  readonly events: (AlertEvent & { readonly routing_key: string })[];
  /** The alerts that are open, by their key. */
  open(): readonly string[];
  /** Requests of the REST API, by path and query. */
  readonly asked: string[];
  /** What the next requests are answered with in place of an answer; then it answers again. */
  failNext(...answers: readonly Failure[]): void;
  /** Runs as an event arrives, before it is taken. */
  beforeEvent: (event: AlertEvent) => Promise<void>;
  close(): Promise<void>;
}

export interface Failure {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

const TOKEN = 'u+readOnlyRestApiKey0';
const MEDIA_TYPE = 'application/vnd.pagerduty+json;version=2';
const LONGEST_PAGE = 100;
const DEFAULT_PAGE = 25;

/**
 * Follows the published references of the REST API v2 and the Events API v2
 * (github.com/PagerDuty/api-schema): what they require is refused where it is missing.
 */
export async function pagerDutyServer(): Promise<PagerDutyServer> {
  const schedules = new Map<string, readonly Shift[]>();
  const policies = new Map<string, readonly (readonly Target[])[]>();
  const failures: Failure[] = [];
  const alerts = new Map<string, 'open' | 'resolved'>();

  const rest = (url: URL): Answer => {
    const [, kind = '', id = '', more = ''] = url.pathname.split('/');
    if (kind === 'oncalls') return onCalls(url.searchParams);
    if (kind === 'schedules' && more === 'users') {
      const shifts = schedules.get(id);
      const span = spanOf(url.searchParams);
      if (shifts === undefined) return NOT_FOUND;
      if (span === null) return BAD_SPAN;
      const users = shifts.filter((one) => overlaps(one, span)).map(({ user }) => ({ id: user }));
      return { status: 200, body: { users } };
    }
    const policy = kind === 'escalation_policies' ? policies.get(id) : undefined;
    return policy === undefined ? NOT_FOUND : { status: 200, body: { escalation_policy: { id } } };
  };

  const onCalls = (query: URLSearchParams): Answer => {
    const span = spanOf(query);
    if (span === null) return BAD_SPAN;
    const limit = Math.min(Number(query.get('limit') ?? DEFAULT_PAGE), LONGEST_PAGE);
    const offset = Number(query.get('offset') ?? 0);
    const ids = query.getAll('escalation_policy_ids[]');
    const all = [...policies].flatMap(([id, levels]) =>
      ids.length === 0 || ids.includes(id) ? onCallsAt(id, levels, schedules, span) : [],
    );
    const oncalls = all.slice(offset, offset + limit);
    const more = offset + limit < all.length;
    return { status: 200, body: { oncalls, limit, offset, more, total: null } };
  };

  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', pagerDuty.url);
    const body = await textOf(request);
    const failure = failures.shift();
    if (failure !== undefined) return reply(response, { ...failure, body: { error: {} } });
    if (url.pathname !== '/v2/enqueue') {
      if (request.headers.authorization !== `Token token=${TOKEN}`) return reply(response, DENIED);
      if (request.headers.accept !== MEDIA_TYPE) return reply(response, NOT_ACCEPTABLE);
      pagerDuty.asked.push(`${url.pathname}${url.search}`);
      return reply(response, rest(url));
    }
    const taken = enqueued(body);
    if ('errors' in taken)
      return reply(response, {
        status: 400,
        body: { status: 'invalid event', message: 'Event object is invalid', ...taken },
      });
    await pagerDuty.beforeEvent(taken);
    pagerDuty.events.push(taken);
    const key = taken.dedup_key;
    if (taken.event_action === 'trigger') alerts.set(key, 'open');
    else if (taken.event_action === 'resolve' && alerts.has(key)) alerts.set(key, 'resolved');
    reply(response, {
      status: 202,
      body: { status: 'success', message: 'Event processed', dedup_key: key },
    });
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const pagerDuty: PagerDutyServer = {
    url: `http://127.0.0.1:${port}`,
    token: TOKEN,
    schedule: (id, shifts) => void schedules.set(id, shifts),
    escalationPolicy: (id, levels) => void policies.set(id, levels),
    events: [],
    open: () => [...alerts].filter(([, state]) => state === 'open').map(([key]) => key),
    asked: [],
    failNext: (...answers) => void failures.push(...answers),
    beforeEvent: async () => {},
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return pagerDuty;
}

interface Answer extends Failure {
  readonly body: object;
}

const NOT_FOUND: Answer = {
  status: 404,
  body: { error: { message: 'Not Found', code: 2100 } },
};
const BAD_SPAN: Answer = {
  status: 400,
  body: { error: { message: 'Invalid Input Provided', code: 2001 } },
};
const DENIED: Answer = { status: 401, body: { error: { message: 'Unauthorized', code: 2006 } } };
const NOT_ACCEPTABLE: Answer = { status: 406, body: { error: { message: 'Not Acceptable' } } };

interface Span {
  readonly since: number;
  readonly until: number;
}

/** Both default to the present; `until` may not be before `since`. */
function spanOf(query: URLSearchParams): Span | null {
  const at = (name: string): number => {
    const text = query.get(name);
    return text === null ? Date.now() : Date.parse(text);
  };
  const span = { since: at('since'), until: at('until') };
  return span.until >= span.since ? span : null;
}

const overlaps = ({ from, to }: Shift, { since, until }: Span): boolean =>
  from <= until && since < to;

function reply(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
