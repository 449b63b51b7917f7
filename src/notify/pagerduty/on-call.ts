import { z } from 'zod';
import { FreshCache } from '#application/people/fresh-cache';
import { DIRECTORY_MAX_AGE_MS, LookUpFailed } from '#application/ports/directory';
import type { OnCall, OnCallSource } from '#application/ports/on-call';
import type { TenantId } from '#domain/ids';
import { SECOND_MS, type Instant } from '#domain/instant';
import { guardedAgent } from '../guarded-agent.ts';
import { pagerDutyRest, type PagerDutyAccount, type PagerDutyRest } from './pagerduty-rest.ts';

export interface OnCallOptions {
  /** The account of a tenant; `null` where it has none. */
  readonly accountOf: (tenant: TenantId) => Promise<PagerDutyAccount | null>;
  /** Lets PagerDuty be http and inside the network. */
  readonly allowPrivate?: boolean;
  /** Monotonic, in ms. */
  readonly clock?: () => number;
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;
const PAGE_SIZE = 100;
/** A policy with more entries on call at once is not one: rather no answer than half of one. */
const MOST_PAGES = 10;

/** RFC 3339, or `null` for who is always on call. */
const instant = z.nullable(z.string().transform((text) => Date.parse(text)));
const users = z.object({ users: z.array(z.object({ id: z.string() })) });
const onCalls = z.object({
  more: z.boolean(),
  oncalls: z.array(
    z.object({
      user: z.object({ id: z.string() }),
      escalation_policy: z.object({ id: z.string() }),
      escalation_level: z.int(),
      start: instant,
      end: instant,
    }),
  ),
});

/**
 * Who is on call by PagerDuty's REST API v2. Fails closed: what is not there, does not answer or
 * answers in another shape is a look-up that failed, and never an empty list. Answers are reused for
 * DIRECTORY_MAX_AGE_MS, and questions asked at once share one.
 */
export function createOnCall(options: OnCallOptions): OnCall & { close(): Promise<void> } {
  const { accountOf, allowPrivate = false, timeoutMs = TIMEOUT_MS } = options;
  const { clock = () => performance.now() } = options;
  const agent = guardedAgent({ allowPrivate, connectTimeoutMs: timeoutMs });
  const rest = pagerDutyRest({ agent, clock, timeoutMs });
  const answers = new FreshCache<readonly string[]>(DIRECTORY_MAX_AGE_MS, clock);
  return {
    usersOf: (tenant, source, now) =>
      answers.get(`${tenant} ${JSON.stringify(source)}`, async () => {
        const account = await accountOf(tenant);
        if (account === null) throw new LookUpFailed('PagerDuty is not connected');
        return ask(rest, account, source, now);
      }),
    close: () => agent.close(),
  };
}

function ask(
  rest: PagerDutyRest,
  account: PagerDutyAccount,
  source: OnCallSource,
  now: Instant,
): Promise<readonly string[]> {
  return source.kind === 'schedule'
    ? bySchedule(rest, account, source.id, now)
    : byPolicy(rest, account, source, now);
}

const span = (now: Instant) => ({
  since: new Date(now).toISOString(),
  until: new Date(now + SECOND_MS).toISOString(),
});

/** `GET /schedules/{id}/users`: on-calls list a schedule only where an escalation policy uses it. */
async function bySchedule(
  rest: PagerDutyRest,
  account: PagerDutyAccount,
  id: string,
  now: Instant,
): Promise<readonly string[]> {
  const query = new URLSearchParams(span(now));
  const answer = await rest.get(account, `/schedules/${encodeURIComponent(id)}/users`, query);
  if (answer === null) throw new LookUpFailed(`PagerDuty has no schedule ${id}`);
  return distinct(shaped(users, answer).users.map((user) => user.id));
}

/** `GET /oncalls`, of these levels alone; who is not on call at that very instant is left out. */
async function byPolicy(
  rest: PagerDutyRest,
  account: PagerDutyAccount,
  { id, levels }: Extract<OnCallSource, { kind: 'escalation-policy' }>,
  now: Instant,
): Promise<readonly string[]> {
  const found = (await everyOnCall(rest, account, id, now)).filter(
    (one) => one.escalation_policy.id === id,
  );
  // A filter for what is not there finds nobody, which must not look like nobody on call.
  if (found.length === 0) await expectPolicy(rest, account, id);
  const counting = found.filter(
    ({ escalation_level: level, start, end }) =>
      levels.includes(level) && (start === null || start <= now) && (end === null || now < end),
  );
  return distinct(counting.map(({ user }) => user.id));
}

type OnCallEntry = z.infer<typeof onCalls>['oncalls'][number];

async function everyOnCall(
  rest: PagerDutyRest,
  account: PagerDutyAccount,
  policy: string,
  now: Instant,
): Promise<readonly OnCallEntry[]> {
  const found: OnCallEntry[] = [];
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = new URLSearchParams({
      'escalation_policy_ids[]': policy,
      ...span(now),
      limit: String(PAGE_SIZE),
      offset: String(page * PAGE_SIZE),
    });
    const answer = shaped(onCalls, await rest.get(account, '/oncalls', query));
    found.push(...answer.oncalls);
    if (!answer.more) return found;
  }
  throw new LookUpFailed(`PagerDuty lists too many on call for ${policy}`);
}

async function expectPolicy(
  rest: PagerDutyRest,
  account: PagerDutyAccount,
  id: string,
): Promise<void> {
  const path = `/escalation_policies/${encodeURIComponent(id)}`;
  const answer = await rest.get(account, path, new URLSearchParams());
  if (answer === null) throw new LookUpFailed(`PagerDuty has no escalation policy ${id}`);
}

/** An instant that cannot be read is NaN, which no comparison lets count: nobody is on call by it. */
function shaped<T>(shape: z.ZodType<T>, answer: unknown): T {
  const read = shape.safeParse(answer);
  if (read.success) return read.data;
  throw new LookUpFailed('PagerDuty answered in a shape of its own', { cause: read.error });
}

const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)];
