import type { Logger } from 'pino';
import type { GateTarget } from '../gate-target.ts';
import { bearerIs } from './bearer-is.ts';
import {
  deployOf,
  factsOf,
  readEvent,
  type AdmittedDeploy,
  type ReadEvent,
} from './audit-event.ts';
import { readBounded } from './read-bounded.ts';

/** Where the API server's audit webhook sends to. */
export const KYVERNO_WATCH_PATH = '/v1/watch/kubernetes';

/** What hears of it. Both are called again with the same id when the API server did not hear our 200. */
export interface KyvernoWatcher {
  /**
   * A deploy that the gate admitted; an audit event does not say by which exception. It is one under a
   * bypass if one of this gate covers its facts and was active then; otherwise the policy passed it, and
   * it is nothing to report. Keeps it durably, once for each `deploy`; throws where it cannot.
   */
  admitted(deploy: AdmittedDeploy): Promise<void>;
  /** A pod of which the audit log keeps too little: its level must be RequestResponse. `null` for what is no event. */
  unreadable(auditId: string | null): Promise<void>;
}

export interface KyvernoWatchOptions {
  readonly token: string;
  readonly watcher: KyvernoWatcher;
  /** The gates of kind `kyverno` of the tenant, by name. */
  readonly targets: () => Promise<ReadonlyMap<string, GateTarget>>;
  readonly log: Pick<Logger, 'error'>;
  readonly maxBytes?: number;
}

/** The API server sends batches of 10 MiB unless it is told otherwise. */
const MAX_BYTES = 16 * 1_024 * 1_024;
const TIMEOUT_MS = 10_000;
const MOST_REMEMBERED = 20_000;

/**
 * Takes audit events: `POST` of an EventList (audit.k8s.io/v1). 200 means that all of them are kept; after
 * another answer the API server sends them again, a few times.
 */
export function kyvernoWatchRoute(
  options: KyvernoWatchOptions,
): (request: Request) => Promise<Response> {
  const { token, watcher, targets, log, maxBytes = MAX_BYTES } = options;
  const told = new Set<string>();

  /** Kept as an alarm: sent again it would be no clearer, and hold up what comes after it. */
  async function tellStrange(): Promise<void> {
    log.error({}, 'the audit log holds an event that cannot be read');
    await watcher.unreadable(null);
  }

  async function take(event: ReadEvent, gates: ReadonlyMap<string, GateTarget>): Promise<void> {
    if (event.kind === 'nothing' || told.has(event.auditId)) return;
    const { auditId } = event;
    if (event.kind === 'unreadable') await watcher.unreadable(auditId);
    else
      for (const [gate, target] of gates) {
        const facts = factsOf(gate, target, event.pod);
        if (facts === null) continue;
        const { admittedAt, pod } = event;
        await watcher.admitted({ auditId, facts, deploy: deployOf(pod), admittedAt });
      }
    // Only now: what was not kept is to be told again.
    told.add(auditId);
    const [oldest] = told;
    if (told.size > MOST_REMEMBERED && oldest !== undefined) told.delete(oldest);
  }

  return async (request) => {
    if (!bearerIs(token, request.headers.get('authorization'))) return empty(401);
    if (request.method !== 'POST') return empty(405, { allow: 'POST' });
    const body = await readBounded(request, maxBytes, TIMEOUT_MS);
    if (typeof body !== 'string') return empty(body.status);
    const items = itemsIn(body);
    if (items === null) return empty(400);
    const events = items.map(readEvent);
    try {
      const gates = await targets();
      for (const event of events) if (event !== null) await take(event, gates);
      if (events.includes(null)) await tellStrange();
    } catch (error) {
      log.error(
        { err: error },
        'audit events could not be kept; the API server will send them again',
      );
      return empty(503);
    }
    return empty(200);
  };
}

function itemsIn(text: string): readonly unknown[] | null {
  try {
    const list = JSON.parse(text) as unknown;
    if (typeof list !== 'object' || list === null) return null;
    const { apiVersion, items } = list as { apiVersion?: unknown; items?: unknown };
    return apiVersion === 'audit.k8s.io/v1' && Array.isArray(items) ? items : null;
  } catch {
    return null;
  }
}

const empty = (status: number, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(null, { status, headers: { 'cache-control': 'no-store', ...headers } });
