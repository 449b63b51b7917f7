import type { Request } from '#domain/bypass/chain';
import type { Command } from '#domain/bypass/command';
import type { BypassId, TenantId } from '#domain/ids';
import { isRefusal } from '#domain/refusal';
import { commitSession } from '../commit/commit-session.ts';
import { NO_FACTS, type Facts } from '../commit/facts.ts';
import { askedOnce } from '../people/asked-once.ts';
import { candidatesFor, type Candidate } from '../people/candidates.ts';
import { gatherFacts, situationOf, type Situation } from '../people/gather-facts.ts';
import { LookUpFailed } from '../ports/directory.ts';
import type { TenantDirectory } from '../ports/directory-store.ts';
import { LogHeld } from '../ports/log-hold.ts';
import type { Ports } from '../ports/ports.ts';
import type { DueDeadline } from '../ports/tenant-store.ts';
import { askApprovers } from '../surfaces/ask-approvers.ts';
import { lookAgain, type LookedAgain } from './look-again.ts';
import { recheck } from './recheck.ts';
import { remind } from './remind.ts';
import { warn } from './warn.ts';

const MOST_TENANTS = 50;
/** Each takes connections that questions need too. */
const TENANTS_AT_ONCE = 3;
const MOST_DEADLINES = 200;

/**
 * Asks every tenant with something due to do it. Poked once a second by each replica; a poke that
 * is missed loses nothing, and two at once find the work done by the other.
 *
 * @param onUnknown hears each time of a tenant with deadlines that only a later version meets.
 */
export async function runDue(
  ports: Ports & { readonly tenants: TenantDirectory },
  onError: (tenant: TenantId, error: unknown) => void,
  onUnknown: (tenant: TenantId) => void = () => undefined,
): Promise<void> {
  // All of them at each poke: one whose deadlines cannot be met stays due, and must not be in the way
  // of those behind it.
  let page: readonly TenantId[] = [];
  do {
    page = await ports.tenants.tenantsDue(MOST_TENANTS, page.at(-1));
    const left = page.values();
    const one = async (): Promise<void> => {
      for (const tenant of left)
        await runDueOf(ports, tenant, () => onUnknown(tenant)).catch((error: unknown) =>
          onError(tenant, error),
        );
    };
    await Promise.all(Array.from({ length: TENANTS_AT_ONCE }, one));
  } while (page.length === MOST_TENANTS);
}

/**
 * Everything of one tenant that is due, in one commit. If that fails, one deadline at a time, so that
 * what is wrong with one keeps no other bypass from closing.
 */
export async function runDueOf(
  ports: Ports,
  tenant: TenantId,
  onUnknown: () => void = () => undefined,
): Promise<void> {
  const found = await ports.store.read(tenant, (tx) => tx.dueDeadlines(MOST_DEADLINES));
  const due = found.filter((one) => one.kind !== 'unknown');
  if (due.length < found.length) onUnknown();
  if (due.length === 0) return;
  try {
    await commitDue(ports, tenant, due);
  } catch (cause) {
    // Nobody's deadline is met in a log that is held: an alarm says so, and all of it stays due.
    if (cause instanceof LogHeld) return;
    if (due.length === 1) throw cause;
    const each = due.map((one) => () => commitDue(ports, tenant, [one]));
    const results: PromiseSettledResult<void>[] = [];
    for (const one of each) results.push(...(await Promise.allSettled([one()])));
    const failed = results.flatMap((one) =>
      one.status === 'rejected' ? [one.reason as unknown] : [],
    );
    if (failed.length > 0)
      throw new AggregateError(failed, 'some deadlines could not be met', { cause });
  }
}

async function commitDue(
  ports: Ports,
  tenant: TenantId,
  due: readonly DueDeadline[],
): Promise<void> {
  const asking = new Set(due.filter((one) => ASKS.has(one.kind)).map((one) => one.bypass));
  const of = (kind: DueDeadline['kind']) =>
    new Set(due.filter((one) => one.kind === kind).map((one) => one.bypass));
  const wants = { escalates: of('escalate'), rechecks: of('recheck') };
  // Requests of one tenant ask about the same people.
  const shared = { ...ports, people: askedOnce(ports.people) };
  const prepared = new Map(
    await Promise.all(
      [...asking].map(async (bypass) => {
        return [bypass, await prepare(shared, tenant, bypass, wants)] as const;
      }),
    ),
  );
  await ports.store.locked(tenant, async (tx) => {
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const still = await tx.dueDeadlines(MOST_DEADLINES);
    const seen = { current: await tx.currentPolicy() };
    const late = new Set<BypassId>();
    for (const deadline of still.filter((one) => due.some((asked) => isSame(asked, one)))) {
      const { facts, candidates, looked } = prepared.get(deadline.bypass) ?? NOTHING_PREPARED;
      // Nobody would hear of an escalation without people; it waits until they can be looked up.
      if (deadline.kind === 'escalate' && candidates === null) {
        late.add(deadline.bypass);
        continue;
      }
      if (deadline.kind === 'recheck') await recheck(ports, tx, deadline, looked);
      if (deadline.kind === 'remind') await remind(ports, tx, deadline, facts.lookUps);
      // Nobody is shown any more as looking at it.
      if (deadline.kind === 'claim') await tx.touchSurfaces(deadline.bypass, { urgent: false });
      if (deadline.kind === 'warn' && !(await warn(tx, deadline))) continue;
      const command = commandOf(deadline);
      const events = command === null ? [] : await session.run(command, facts, { seen });
      // The clock went back since it was read: the deadline stands and comes again. A step that an
      // earlier one of this commit took along goes when its request is projected.
      if (isRefusal(events) && events.code === 'not-due') continue;
      if (!isRefusal(events) && deadline.kind === 'escalate')
        session.afterProjection(() => askApprovers(tx, deadline.bypass, candidates ?? []));
      // One whose state moved on meanwhile is over as well: projecting rewrites what is left.
      await tx.endDeadline(deadline);
    }
    await tx.postponeEscalations([...late]);
    await session.finish();
  });
}

/** What is judged by who people are; all else needs nobody looked up. */
const ASKS: ReadonlySet<DueDeadline['kind']> = new Set([
  'lapse',
  'escalate',
  'expire',
  'remind',
  'recheck',
]);

function isSame(a: DueDeadline, b: DueDeadline): boolean {
  return a.kind === b.kind && a.bypass === b.bypass && a.about === b.about && a.dueAt === b.dueAt;
}

interface Prepared {
  readonly facts: Facts;
  /** `null` when the workspace could not say, or nobody is to be asked. */
  readonly candidates: readonly Candidate[] | null;
  /** `null` when the workspace could not say, or it is not the time. */
  readonly looked: LookedAgain | null;
}

const NOTHING_PREPARED: Prepared = { facts: NO_FACTS, candidates: null, looked: null };

/**
 * Looks people up before the commit. A bypass closes on time even if the workspace does not answer:
 * then the post-mortem falls to the requester, and only an escalation waits for the answer.
 */
async function prepare(
  ports: Ports,
  tenant: TenantId,
  bypass: BypassId,
  wants: Readonly<Record<'escalates' | 'rechecks', ReadonlySet<BypassId>>>,
): Promise<Prepared> {
  const situation = await situationOf(ports, tenant, bypass);
  const request = situation?.chain?.bypasses.find((one) => one.request.id === bypass)?.request;
  if (situation === null || request === undefined) return NOTHING_PREPARED;
  const facts = await answeredOr(NO_FACTS, gatherFacts(ports, tenant, situation, null));
  // Apart from the facts: a close needs nobody to ask, and keeps what is known without them.
  const candidates = wants.escalates.has(bypass)
    ? await answeredOr(null, candidatesNow(ports, tenant, situation, request))
    : null;
  const looked = wants.rechecks.has(bypass)
    ? await answeredOr(null, lookAgain(ports, tenant, situation, request))
    : null;
  return { facts, candidates, looked };
}

async function candidatesNow(
  ports: Ports,
  tenant: TenantId,
  { versions }: Situation,
  request: Request,
): Promise<readonly Candidate[]> {
  const made = versions.find((one) => one.digest === request.policy);
  if (made === undefined) return [];
  const now = await ports.store.read(tenant, (tx) => tx.now());
  const asking = { ...request, by: request.requester };
  return candidatesFor(ports, tenant, made, asking, now - request.openedAt);
}

/** What the workspace answers; `otherwise` when it cannot say. */
async function answeredOr<T, U>(otherwise: U, asked: Promise<T>): Promise<T | U> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof LookUpFailed) return otherwise;
    throw error;
  }
}

function commandOf({ kind, bypass, about }: DueDeadline): Command | null {
  switch (kind) {
    case 'expire':
    case 'lapse':
    case 'escalate':
      return { type: kind, bypass };
    case 'lease':
      return { type: 'revert-deploy', bypass, deploy: about, result: 'unknown' };
    case 'remind':
    case 'claim':
    case 'warn':
    case 'recheck':
    case 'unknown':
      return null;
  }
}
