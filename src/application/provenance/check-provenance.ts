import { bypassIn } from '#domain/bypass/chain';
import type { BypassId, TenantId } from '#domain/ids';
import { MINUTE_MS, SECOND_MS, type Instant } from '#domain/instant';
import { deployKey } from '#domain/opened-gates';
import { isMismatch, type ProvenanceResult } from '#domain/provenance-result';
import { isRefusal } from '#domain/refusal';
import { parseDigest, type Digest } from '#ledger/digest';
import { readStatement } from '#ledger/read-statement';
import { commitSession } from '../commit/commit-session.ts';
import { NO_FACTS } from '../commit/facts.ts';
import type { AlarmStore } from '../ports/alarm.ts';
import type { Ports } from '../ports/ports.ts';
import type { ProvenanceSource } from '../ports/provenance.ts';
import type { TenantReads } from '../ports/tenant-store.ts';
import { compareProvenance, type Named } from './compare-provenance.ts';

export interface ProvenancePorts extends Pick<Ports, 'store' | 'keys' | 'newSalt'> {
  readonly alarms: AlarmStore;
  readonly provenance: ProvenanceSource;
}

/** A builder may publish what it made after the deploy began. */
const TRIED_FOR_MS = 30 * MINUTE_MS;
const FIRST_PAUSE_MS = 10 * SECOND_MS;

/**
 * Fetches the provenance that a deploy's entry names, compares it with what the deploy said of itself
 * and records what it finds; provenance of something else is an alarm. What does not answer is tried
 * again, each time after twice as long, for half an hour. Killed in between, it comes to the same.
 *
 * @param entry the digest of the deploy's statement.
 * @throws where the database fails: the job is tried again.
 */
export async function checkProvenance(
  ports: ProvenancePorts,
  tenant: TenantId,
  entry: Digest,
): Promise<void> {
  const asked = await ports.store.read(tenant, (tx) => askedBy(tx, entry));
  if (asked === null) return;
  const result =
    asked.found ?? (await record(ports, tenant, asked, entry, await lookAt(ports, asked)));
  // Recorded already, the alarm may still be owed: the process was killed between the two.
  if (result !== null && isMismatch(result)) await raise(ports, tenant, asked, entry, result);
}

interface Asked extends Named {
  readonly bypass: BypassId;
  /** Its key in the bypass. */
  readonly deploy: string;
  readonly annotatedAt: Instant;
  readonly place: { readonly gate: string; readonly service: string; readonly environment: string };
  /** `null` once erased. */
  readonly uri: string | null;
  readonly found: ProvenanceResult | null;
}

/** `null` where the deploy said something else since: that has an entry and a look of its own. */
async function askedBy(tx: TenantReads, entry: Digest): Promise<Asked | null> {
  const stored = await tx.entry(entry);
  const read = stored === null ? null : readStatement(stored.statement);
  if (stored === null || read?.ok !== true || read.value.event.type !== 'deploy.annotated')
    return null;
  const { event } = read.value;
  const { bypass, gate, member, service, environment, provenance, at: annotatedAt } = event;
  const artifact = event.artifact?.digest ?? null;
  const deploy = deployKey(event);
  const held = bypassIn(await tx.chainOf(bypass), bypass);
  if (held?.phase !== 'active' && held?.phase !== 'closed') return null;
  const known = held.deploys.find(({ key }) => key === deploy);
  // Two can be of one moment, where several questions are answered by one commit.
  const isNewest =
    known?.annotatedAt === annotatedAt &&
    known.provenance?.digest === provenance?.digest &&
    (known.artifact?.digest ?? null) === artifact;
  if (!isNewest || known.provenance === undefined) return null;
  return {
    bypass,
    deploy,
    annotatedAt,
    place: { gate: member ?? gate, service, environment },
    digest: known.provenance.digest,
    artifact,
    uri: stored.openings['provenanceUri'] ?? null,
    found: known.provenance.result,
  };
}

async function lookAt(
  { provenance }: Pick<ProvenancePorts, 'provenance'>,
  asked: Asked,
): Promise<ProvenanceResult> {
  // What cannot be compared is not fetched either.
  if (asked.uri === null || parseDigest(asked.digest) === undefined) return 'not-fetched';
  const fetched = await provenance.fetch(asked.uri);
  return fetched.kind === 'bytes' ? compareProvenance(fetched.bytes, asked) : fetched.kind;
}

/** Gives what stands recorded of it now; `null` where nothing does. */
async function record(
  ports: ProvenancePorts,
  tenant: TenantId,
  { bypass, deploy, digest, artifact, annotatedAt }: Asked,
  entry: Digest,
  result: ProvenanceResult,
): Promise<ProvenanceResult | null> {
  return ports.store.locked(tenant, async (tx) => {
    const sinceMs = (await tx.now()) - annotatedAt;
    if (result === 'unreachable' && sinceMs < TRIED_FOR_MS) {
      const pauseMs = Math.min(Math.max(sinceMs, FIRST_PAUSE_MS), TRIED_FOR_MS - sinceMs);
      await tx.enqueueProvenance(entry, Math.ceil(pauseMs / SECOND_MS));
      return null;
    }
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const compared = { provenance: digest, artifact, annotatedAt };
    const command = { type: 'check-provenance', bypass, deploy, ...compared, result } as const;
    if (isRefusal(await session.run(command, NO_FACTS))) return null;
    await session.finish();
    return result;
  });
}

/** It stands for good: only people can say what was deployed. */
async function raise(
  { alarms }: Pick<ProvenancePorts, 'alarms'>,
  tenant: TenantId,
  { bypass, deploy, place }: Asked,
  entry: Digest,
  result: ProvenanceResult,
): Promise<void> {
  await alarms.raise(tenant, {
    key: `provenance/${entry}`,
    code: 'provenance-differs',
    about: { ...place, deploy, bypass, result },
  });
}
