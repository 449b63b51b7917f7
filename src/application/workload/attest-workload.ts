import type { TenantId } from '#domain/ids';
import { DAY_MS, type Instant } from '#domain/instant';
import type { WorkloadAttested } from '#domain/tenant-event';
import { base64 } from '#ledger/digest';
import { compose } from '#ledger/statement';
import { commitSession } from '../commit/commit-session.ts';
import type { Ports } from '../ports/ports.ts';
import type { TenantKeys } from '../ports/tenant-keys.ts';
import type { WorkloadSigner, WorkloadState } from '../ports/workload.ts';

export interface WorkloadPorts extends Pick<Ports, 'store' | 'keys' | 'newSalt'> {
  readonly workload: WorkloadSigner;
}

export type WorkloadOutcome =
  | 'attested'
  /** The last one is young enough and names the keys in force. */
  | 'not-due'
  /** Its platform or Sigstore did not sign; the next look tries again. */
  | 'not-signed'
  /** Another replica was first, or a key was rotated meanwhile; the next look sees. */
  | 'overtaken';

const EVERY_MS = DAY_MS;

/** Verifiers remember so many heads, and a little more, to hold an entry's against. */
const MOST_BETWEEN = 1_000;

/**
 * Has the service's workload vouch for the log: at the start of its use, daily, and when another key
 * signs. Its entry names both keys and the head it was made behind; whatever is appended while it is
 * being signed stands between, and is covered by the next one.
 */
export async function attestWorkload(
  ports: WorkloadPorts,
  tenant: TenantId,
): Promise<WorkloadOutcome> {
  const { state, now, log } = await ports.store.read(tenant, async (tx) => ({
    state: await tx.workloadState(),
    now: await tx.now(),
    log: await tx.logOrigin(),
  }));
  const keys = await ports.keys.keysOf(tenant);
  if (!isDue(state, keys, now)) return 'not-due';
  const event: WorkloadAttested = {
    type: 'workload.attested',
    at: now,
    actor: { kind: 'service' },
    logKey: keys.logKey,
    serviceKey: keys.serviceKeyId,
    size: state.size,
    root: base64(state.root),
  };
  const { bytes, digest } = compose({ tenant, log, followsFrom: [], event }, ports.newSalt);
  const envelope = await ports.workload.sign(bytes);
  if (envelope === null) return 'not-signed';
  return ports.store.locked(tenant, async (tx) => {
    const since = await tx.workloadState();
    const inForce = await ports.keys.keysIn(tenant, tx);
    if (since.last?.index !== state.last?.index || !namesKeys(event, inForce)) return 'overtaken';
    if (since.size - state.size > MOST_BETWEEN) return 'overtaken';
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    session.record(event, { presigned: { digest, envelope } });
    await session.finish();
    return 'attested';
  });
}

function isDue({ last }: WorkloadState, keys: TenantKeys, now: Instant): boolean {
  return last === null || now - last.at >= EVERY_MS || !namesKeys(last, keys);
}

const namesKeys = (
  { logKey, serviceKey }: Pick<WorkloadAttested, 'logKey' | 'serviceKey'>,
  keys: TenantKeys,
): boolean => logKey === keys.logKey && serviceKey === keys.serviceKeyId;
