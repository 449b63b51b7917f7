import { bypassIn } from '#domain/bypass/chain';
import type { BypassId, PersonId, TenantId } from '#domain/ids';
import { MINUTE_MS, type Instant } from '#domain/instant';
import type { EntryAttested } from '#domain/tenant-event';
import { compose } from '#ledger/statement';
import { commitSession } from '../commit/commit-session.ts';
import type { AlarmStore } from '../ports/alarm.ts';
import type { Ports } from '../ports/ports.ts';
import type { StoredSigning } from '../ports/signing-store.ts';
import type { EntryRow } from '../ports/tenant-store.ts';
import { keptStages } from './signing-stages.ts';

/** Sigstore still does not answer: the entries stay provisional and the job is tried again. */
class StillProvisional extends Error {
  override name = 'StillProvisional';
  readonly code = 'still-provisional';
}

/** What late attestation needs beyond the ports of every use case. */
export interface LatePorts extends Ports {
  readonly alarms: AlarmStore;
  /** After how long a provisional approval is an alarm. */
  readonly provisionalAlarmMs: number;
}

/**
 * Has Sigstore sign what stood provisional, as an entry of its own: late, and dated when it was made.
 * What stays provisional for too long is an alarm, until it is attested.
 *
 * @throws StillProvisional
 */
export async function attestLate(
  ports: LatePorts,
  tenant: TenantId,
  bypass: BypassId,
): Promise<void> {
  const { approvals, entries } = await ports.store.read(tenant, async (tx) => {
    const chain = await tx.chainOf(bypass);
    const found = bypassIn(chain, bypass);
    return {
      approvals: found?.request.approvals ?? [],
      entries: chain === null ? [] : await tx.entriesOf(chain.id),
    };
  });
  const given = entries.filter((one) => one.bypass === bypass && one.type === 'approval.given');
  let waiting = false;
  for (const [index, approval] of approvals.entries()) {
    const entry = given[index];
    if (approval.signing !== 'provisional' || entry === undefined) continue;
    if (await attestEntry(ports, tenant, entry, approval.approver)) {
      await ports.alarms.clear(tenant, alarmKey(entry));
    } else {
      waiting = true;
      await alarmIfLong(ports, tenant, entry, approval.approvedAt);
    }
  }
  if (waiting) throw new StillProvisional('Sigstore does not answer yet');
}

const alarmKey = ({ digest }: EntryRow): string => `provisional ${digest}`;

async function alarmIfLong(
  ports: LatePorts,
  tenant: TenantId,
  entry: EntryRow,
  approvedAt: Instant,
): Promise<void> {
  const now = await ports.store.read(tenant, (tx) => tx.now());
  if (now - approvedAt < ports.provisionalAlarmMs) return;
  const { index, digest, bypass } = entry;
  const minutes = Math.floor((now - approvedAt) / MINUTE_MS);
  const about = { index, entry: digest, bypass: bypass ?? '', minutes };
  await ports.alarms.raise(tenant, { key: alarmKey(entry), code: 'entry-provisional', about });
}

/** `false` if Sigstore did not sign. */
async function attestEntry(
  ports: Ports,
  tenant: TenantId,
  entry: EntryRow,
  person: PersonId,
): Promise<boolean> {
  const prepared = await ports.store.read(tenant, async (tx) => ({
    done: await tx.isAttested(entry.digest),
    enrolment: await tx.enrolmentOf(person),
    log: await tx.logOrigin(),
    now: await tx.now(),
  }));
  const { done, enrolment, log, now } = prepared;
  if (done || enrolment === null) return true;
  const subject = { kind: 'late', about: entry.digest } as const;
  const begun = await ports.signings.find(tenant, subject);
  const at = begunAt(begun, now) ?? now;
  const event: EntryAttested = {
    type: 'entry.attested',
    at,
    actor: { kind: 'person', person },
    entry: entry.digest,
    index: entry.index,
    person,
  };
  const followsFrom = [entry.digest, enrolment.entry];
  const composed = compose({ tenant, log, followsFrom, event }, ports.newSalt);
  const { bytes, digest } = composed;
  const stages = keptStages(ports.signings, tenant, subject, composed, { at }, begun);
  const bundle = await ports.attester.attestPatiently(bytes, digest, enrolment.email, now, stages);
  await stages.settled();
  if (bundle === null) return false;
  const presigned = { digest, envelope: bundle };
  await ports.store.locked(tenant, async (tx) => {
    // Another replica may have had the same job after a takeover.
    if (await tx.isAttested(entry.digest)) return;
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    session.record(event, { presigned, followsFrom });
    await session.finish();
    await tx.markAttested(entry.digest, entry.index);
    // The cards say how each approval is signed.
    if (entry.bypass !== null) await tx.touchSurfaces(entry.bypass, { urgent: false });
  });
  return true;
}

/** An entry may stand in the log a minute behind its own time; this leaves some for the commit. */
const LONGEST_BEHIND_MS = 40_000;

/** When the signature was begun that can still be gone on with. */
function begunAt(begun: StoredSigning | null, now: Instant): Instant | null {
  if (begun === null || begun.stage === null) return null;
  const { at } = begun.facts as { readonly at: Instant };
  return at <= now && now - at <= LONGEST_BEHIND_MS ? at : null;
}
