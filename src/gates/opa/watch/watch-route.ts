import type { Logger } from 'pino';
import { isProbe } from '../probe.ts';
import { bearerIs } from './bearer-is.ts';
import { readEvent, type ObservedDeploy, type ReadEvent } from './decision-event.ts';
import { readBoundedJson, type Limits, type Unreadable } from './read-bounded.ts';
import { toldBefore } from './told-before.ts';

/** Where OPA's `decision_logs.resource` sends to. */
export const OPA_WATCH_PATH = '/v1/watch/opa';

/** What hears of it. Both are called again with the same id when OPA did not hear our 200. */
export interface OpaWatcher {
  /** Keeps the deploy durably, once for each `decisionId`; throws where it cannot. */
  observed(deploy: ObservedDeploy): Promise<void>;
  /** A decision of which it cannot be seen whether it was a bypass: worth an alarm. `null` for what is no event. */
  unreadable(decisionId: string | null): Promise<void>;
}

export interface OpaWatchOptions {
  readonly token: string;
  readonly watcher: OpaWatcher;
  readonly log: Pick<Logger, 'error'>;
  readonly limits?: Limits;
}

/** OPA sends chunks of 32 KiB unless it is told otherwise (`reporting.upload_size_limit_bytes`). */
const LIMITS: Limits = { sentBytes: 1_048_576, inflatedBytes: 16_777_216, timeoutMs: 10_000 };
const MOST_REMEMBERED = 20_000;
const MOST_EVENTS = 20_000;

const STATUS: Readonly<Record<Unreadable, number>> = {
  'too-large': 413,
  'not-gzip': 400,
  'not-json': 400,
  'broken-off': 408,
};

/**
 * Takes decision logs: `POST` of a JSON array of events, as gzip. 200 means that all of them are kept;
 * after any other answer OPA sends the whole chunk again.
 */
export function opaWatchRoute(options: OpaWatchOptions): (request: Request) => Promise<Response> {
  const { token, watcher, log, limits = LIMITS } = options;
  const told = toldBefore(MOST_REMEMBERED);
  const probes = toldBefore(MOST_REMEMBERED);

  /** A name that is used twice is no longer that of a read-back. */
  function isOurs(deploy: string): boolean {
    if (!isProbe(token, deploy, Date.now()) || probes.has(deploy)) return false;
    probes.add(deploy);
    return true;
  }

  /** Kept as an alarm: sent again it would be no clearer, and hold up what comes after it. */
  async function tellStrange(): Promise<void> {
    log.error({}, 'a decision log holds an event that cannot be read');
    await watcher.unreadable(null);
  }

  async function take(event: ReadEvent): Promise<void> {
    if (event.kind === 'nothing') return;
    const id = event.kind === 'bypass' ? event.observed.decisionId : event.decisionId;
    if (told.has(id)) return;
    if (event.kind === 'unreadable') await watcher.unreadable(id);
    else if (!isOurs(event.observed.deploy)) await watcher.observed(event.observed);
    // Only now: what was not kept is to be told again.
    told.add(id);
  }

  return async (request) => {
    if (!bearerIs(token, request.headers.get('authorization'))) return empty(401);
    if (request.method !== 'POST') return empty(405, { allow: 'POST' });
    const read = await readBoundedJson(request, limits);
    if (!read.ok) return empty(STATUS[read.why]);
    if (!Array.isArray(read.json) || read.json.length > MOST_EVENTS) return empty(400);
    const events = read.json.map(readEvent);
    try {
      // One after the other: a chunk is small, and the same deploy may stand in it twice.
      for (const event of events) if (event !== null) await take(event);
      if (events.includes(null)) await tellStrange();
    } catch (error) {
      log.error({ err: error }, 'a decision log could not be kept; OPA will send it again');
      return empty(503);
    }
    return empty(200);
  };
}

const empty = (status: number, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(null, { status, headers: { 'cache-control': 'no-store', ...headers } });
