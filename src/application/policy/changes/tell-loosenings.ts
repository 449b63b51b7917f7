import type { DigestText, TenantId } from '#domain/ids';
import type { Digest } from '#ledger/digest';
import { readStatement } from '#ledger/read-statement';
import type { Outbound } from '../../ports/outbound.ts';
import type { PolicyVersion } from '../../ports/policy-version.ts';
import type { TenantReads, TenantStore } from '../../ports/tenant-store.ts';
import { policyChanges } from './policy-changes.ts';

interface LooseningPorts {
  readonly store: Pick<TenantStore, 'read'>;
  readonly outbound: Pick<Outbound, 'announcer'>;
}

/**
 * Tells what a version loosens in the security channel of the version before: whoever loosens a policy
 * and moves the channel with it is heard where people listen now. Only where that had none, in its own.
 * A version that loosens nothing is not told of. Runs as a job and may run twice: it is told twice
 * rather than not at all.
 *
 * @param entry of the version, by its statement.
 * @throws PublishFailed: the job is tried again, while the app is not installed, too.
 */
export async function tellLoosenings(
  { store, outbound }: LooseningPorts,
  tenant: TenantId,
  entry: Digest,
  before: DigestText,
): Promise<void> {
  const read = await store.read(tenant, (tx) => versionsOf(tx, entry, before));
  if (read === null) return;
  const { was, is, receipt } = read;
  const channel = was.directory.channels.security ?? is.directory.channels.security;
  const changes = policyChanges(was, is);
  const loosenings = changes.filter(({ looser }) => looser);
  if (channel === null || loosenings.length === 0) return;
  const others = changes.length - loosenings.length;
  const policy = { before: was.digest, after: is.digest, loosenings, others, receipt };
  const { homeTeam } = was.directory;
  await outbound.announcer.announce(homeTeam, channel, { kind: 'policy', policy }, tenant);
}

async function versionsOf(tx: TenantReads, entry: Digest, before: DigestText) {
  const stored = await tx.entry(entry);
  const was = await tx.policy(before);
  const read = stored === null ? null : readStatement(stored.statement);
  if (stored === null || was === null || read?.ok !== true) return null;
  const { event } = read.value;
  const is: PolicyVersion | null =
    event.type === 'policy.applied' ? await tx.policy(event.policy) : null;
  return is === null ? null : { was, is, receipt: stored.receipt };
}
