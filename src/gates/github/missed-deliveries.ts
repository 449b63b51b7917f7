import type { TenantId } from '#domain/ids';
import type { GithubContext } from './context.ts';
import { EVENTS } from './events.ts';
import { hasCode } from './github-error.ts';

interface Listed {
  readonly id: bigint;
  readonly guid: string;
  readonly event: string;
  readonly deliveredAt: number;
}

const PER_PAGE = 100;
/** One that is under way now may come to stand before others that are listed already. */
const SETTLED_MS = 120_000;
/** So many pages are read at once; the rest by the next calls, so that other requests are not kept out. */
const MOST_PAGES = 100;

export interface MissedTaken {
  readonly taken: number;
  /** More are listed than were read: the next call goes on from there. */
  readonly isBehind: boolean;
}

/**
 * Takes the deliveries that never arrived, as the App's own list has them: GitHub sends none twice by
 * itself. They are read from there, not asked for again, so that they come even where GitHub cannot
 * reach us. The position moves once all of them are stored.
 * @see https://docs.github.com/en/rest/apps/webhooks#list-deliveries-for-an-app-webhook
 */
export async function takeMissed(context: GithubContext, tenant: TenantId): Promise<MissedTaken> {
  const { deliveries, missed } = context;
  const position = await deliveries.position(tenant);
  const before = missed.get(tenant);
  // Whatever fails below, the next call begins anew: a cursor may be one that GitHub no longer knows.
  missed.delete(tenant);
  const since = position === null ? null : BigInt(position);
  const { listed, cursor } = await listSince(context, since, before?.cursor);
  const wanted = listed.filter(({ event }) => EVENTS.has(event));
  const guids = wanted.map(({ guid }) => guid);
  const taken = await deliveries.taken(tenant, guids);
  let count = 0;
  // The oldest first, as they would have come.
  for (const { id, guid, event } of wanted.toReversed()) {
    if (taken.has(guid)) continue;
    const body = await bodyOf(context, id);
    if (body !== null && (await deliveries.accept(tenant, { id: guid, event, body }))) count += 1;
  }
  const next = before?.next ?? settledPosition(listed);
  if (cursor !== undefined) missed.set(tenant, { cursor, next });
  else if (next !== null) await deliveries.moveTo(tenant, String(next));
  return { taken: count, isBehind: cursor !== undefined };
}

/** By GitHub's own times: no clock of ours has a say. */
function settledPosition(listed: readonly Listed[]): bigint | null {
  const newestAt = Math.max(...listed.map(({ deliveredAt }) => deliveredAt));
  const settled = listed.filter(({ deliveredAt }) => newestAt - deliveredAt >= SETTLED_MS);
  return settled.reduce<bigint | null>(
    (most, { id }) => (most === null || id > most ? id : most),
    null,
  );
}

async function listSince(
  { app }: GithubContext,
  position: bigint | null,
  from: string | undefined,
): Promise<{ readonly listed: readonly Listed[]; readonly cursor: string | undefined }> {
  const found: Listed[] = [];
  let cursor = from;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { data, headers } = await app.asApp('GET /app/hook/deliveries', {
      per_page: PER_PAGE,
      ...(cursor === undefined ? {} : { cursor }),
    });
    // Ids are larger than a double holds: the client reads them as bigint where they are.
    const listed = data.map(({ id, guid, event, delivered_at: deliveredAt }) => ({
      id: BigInt(id),
      guid: guid.toLowerCase(),
      event,
      deliveredAt: Date.parse(deliveredAt),
    }));
    found.push(...listed.filter(({ id }) => position === null || id > position));
    cursor = nextCursor(headers.link);
    const isRead = listed.some(({ id }) => position !== null && id <= position);
    if (cursor === undefined || isRead) return { listed: found, cursor: undefined };
  }
  return { listed: found, cursor };
}

/** The `cursor` of the link to the next page (RFC 8288). */
function nextCursor(link: string | undefined): string | undefined {
  const [, address] = /<([^<>]+)>; *rel="next"/.exec(link ?? '') ?? [];
  return address === undefined
    ? undefined
    : (new URL(address).searchParams.get('cursor') ?? undefined);
}

/** As text again. `null` where GitHub has forgotten it meanwhile. */
async function bodyOf({ app }: GithubContext, id: bigint): Promise<string | null> {
  try {
    const { data } = await app.asApp('GET /app/hook/deliveries/{delivery_id}', {
      // A path takes the digits as they are.
      delivery_id: String(id) as unknown as number,
    });
    const payload: unknown = data.request.payload;
    return payload === null || payload === undefined ? null : toJson(payload);
  } catch (error) {
    if (hasCode(error, 'not-found')) return null;
    throw error;
  }
}

const toJson = (payload: unknown): string =>
  JSON.stringify(payload, (_, value: unknown) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
