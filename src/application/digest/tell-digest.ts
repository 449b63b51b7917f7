import type { TenantId } from '#domain/ids';
import type { DigestOf, DigestStore } from '../ports/digests.ts';
import type { Outbound } from '../ports/outbound.ts';
import type { StatisticsReader } from '../ports/statistics.ts';
import type { TenantStore } from '../ports/tenant-store.ts';
import { readFacts } from '../statistics/read-facts.ts';
import { isParked } from '../surfaces/is-parked.ts';
import { digestChannels } from './digest-channels.ts';
import { digestNews, WEEKS } from './digest-news.ts';
import { weekAfter } from './week.ts';

export interface DigestPorts {
  readonly store: Pick<TenantStore, 'read'>;
  readonly digests: DigestStore;
  readonly statistics: StatisticsReader;
  readonly outbound: Pick<Outbound, 'announcer'>;
}

/**
 * Tells a channel what a week of bypasses says. A week in which nothing happened is told of by silence,
 * and so is a channel that the policy names no more. Runs as a job and may run twice: what was told
 * is recorded behind it, so a process that is killed in between tells it again.
 *
 * @throws PublishFailed: the job is tried again.
 */
export async function tellDigest(
  { store, digests, statistics, outbound }: DigestPorts,
  tenant: TenantId,
  digest: DigestOf,
): Promise<void> {
  if (await digests.isTold(tenant, digest)) return;
  const { channel, week } = digest;
  const policy = await store.read(tenant, (tx) => tx.currentPolicy());
  const services = digestChannels(policy).get(channel);
  if (policy !== null && services !== undefined) {
    const monday = Date.parse(`${week}T00:00:00Z`);
    const facts = await readFacts(statistics, tenant, weekAfter(monday, 1 - WEEKS));
    const news = digestNews(facts, services, monday, await statistics.now(tenant));
    try {
      if (news !== null) {
        const { homeTeam } = policy.directory;
        const said = { kind: 'digest', digest: news } as const;
        await outbound.announcer.announce(homeTeam, channel, said, tenant);
      }
    } catch (error) {
      // By the time that the app is installed again it is old.
      if (!isParked(error)) throw error;
    }
  }
  await digests.told(tenant, digest);
}
