import { firstActivatedAt, type Chain } from '#domain/bypass/chain';
import type { Command, OpenRequest } from '#domain/bypass/command';
import type { Context, OtherBypass } from '#domain/bypass/context';
import type { BypassId, DigestText } from '#domain/ids';
import { DAY_MS, type Instant } from '#domain/instant';
import type { OwedReview } from '#domain/policy/overdue-review';
import type { Policy } from '#domain/policy/policy';
import { parseDigest } from '#ledger/digest';
import type { PolicyVersion } from '../ports/policy-version.ts';
import type { TenantReads } from '../ports/tenant-store.ts';
import type { Facts } from './facts.ts';
import type { OpenChain } from './open-chains.ts';

/** What is judged: a command, or whether somebody may answer a request. */
type Judged = Command | { readonly type: 'answer'; readonly bypass: BypassId };

/** Those that may end an active bypass, and with it what runs under it. */
const ENDING: ReadonlySet<Judged['type']> = new Set(['expire', 'close', 'revoke']);

/** What a commit has read under its lock already. */
interface AlreadyRead {
  readonly columns?: OpenChain['columns'];
  /** The policy in force. */
  readonly current?: PolicyVersion | null;
  /** The database's clock. */
  readonly now?: Instant;
  /** What is active by the rows, which stand as they are until the commit writes its own. */
  readonly active?: () => Promise<readonly OtherBypass[]>;
}

/** What the decider may rely on, read as it stands now. */
export async function contextFor(
  tx: TenantReads,
  chain: Chain | null,
  command: Judged,
  facts: Facts,
  { columns, now, current: known, active: allActive }: AlreadyRead = {},
): Promise<Context> {
  const current = known ?? (await tx.currentPolicy());
  if (current === null) throw new RangeError('the tenant has no policy yet');
  const policies: Record<DigestText, Policy> = { [current.digest]: current.content };
  for (const { request } of chain?.bypasses ?? []) {
    const version = await tx.policy(request.policy);
    if (version !== null) policies[version.digest] = version.content;
  }
  const row =
    command.type === 'open'
      ? null
      : (columns?.get(command.bypass) ?? (await tx.bypass(command.bypass)));
  const active = ENDING.has(command.type) && chain !== null && firstActivatedAt(chain) !== null;
  const at = now ?? (await tx.now());
  return {
    now: at,
    current: current.digest,
    policies,
    lookUps: facts.lookUps,
    standings: facts.standings,
    ...(facts.vouched === undefined ? {} : { vouched: facts.vouched }),
    waiting: command.type === 'open' ? await tx.waitingOf(command.by, command.drill) : 0,
    askedToday: command.type === 'open' ? await askedToday(tx, current, command, at) : 0,
    ...(command.type === 'open' ? { owed: await owedReview(tx, current, command.scope) } : {}),
    requestDigest: row === null ? null : (parseDigest(row.requestDigest) ?? null),
    others: active ? await othersOf(tx, command, allActive) : [],
    leases: active ? await tx.leasesOf(command.bypass) : {},
  };
}

async function othersOf(
  tx: TenantReads,
  { bypass }: Extract<Judged, { readonly bypass: BypassId }>,
  all: AlreadyRead['active'],
): Promise<readonly OtherBypass[]> {
  if (all === undefined) return tx.otherActive(bypass);
  return (await all()).filter(({ id }) => id !== bypass);
}

/** Counted only where the policy limits it. */
export async function askedToday(
  tx: Pick<TenantReads, 'openedSince'>,
  { content }: PolicyVersion,
  { by, drill }: Pick<OpenRequest, 'by' | 'drill'>,
  now: Instant,
): Promise<number> {
  return content.dayLimit === undefined ? 0 : tx.openedSince(by, drill, now - DAY_MS);
}

/** Looked up only where the policy makes it count. */
export async function owedReview(
  tx: Pick<TenantReads, 'firstOwedOf'>,
  { content }: PolicyVersion,
  { service }: Pick<OpenRequest['scope'], 'service'>,
): Promise<OwedReview | null> {
  return content.postMortem.overdue === undefined ? null : tx.firstOwedOf(service);
}
