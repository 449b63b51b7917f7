import { bypassIn } from '#domain/bypass/chain';
import type { BypassId, PersonId, TenantId } from '#domain/ids';
import type { EntryAttested } from '#domain/tenant-event';
import { compose } from '#ledger/statement';
import { commitSession } from '../commit/commit-session.ts';
import type { Ports } from '../ports/ports.ts';
import type { EntryRow } from '../ports/tenant-store.ts';

/** Sigstore still does not answer: the entries stay provisional and the job is tried again. */
class StillProvisional extends Error {
  override name = 'StillProvisional';
  readonly code = 'still-provisional';
}

/**
 * Has Sigstore sign what stood provisional, as an entry of its own: late, and dated when it was made.
 *
 * @throws StillProvisional
 */
export async function attestLate(ports: Ports, tenant: TenantId, bypass: BypassId): Promise<void> {
  const { approvals, entries } = await ports.store.read(tenant, async (tx) => {
    const chain = await tx.chainOf(bypass);
    const found = bypassIn(chain, bypass);
    return {
      approvals: found?.request.approvals ?? [],
      entries: chain === null ? [] : await tx.entriesOf(chain.id),
    };
  });
  const given = entries.filter((one) => one.bypass === bypass && one.type === 'approval.given');
  for (const [index, { approver, signing }] of approvals.entries()) {
    const entry = given[index];
    if (signing === 'provisional' && entry !== undefined)
      await attestEntry(ports, tenant, entry, approver);
  }
}

async function attestEntry(
  ports: Ports,
  tenant: TenantId,
  entry: EntryRow,
  person: PersonId,
): Promise<void> {
  const prepared = await ports.store.read(tenant, async (tx) => ({
    done: await tx.isAttested(entry.digest),
    enrolment: await tx.enrolmentOf(person),
    log: await tx.logOrigin(),
    at: await tx.now(),
  }));
  const { done, enrolment, log, at } = prepared;
  if (done || enrolment === null) return;
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
  const bundle = await ports.attester.attestPatiently(bytes, digest, enrolment.email, at);
  if (bundle === null) throw new StillProvisional('Sigstore does not answer yet');
  const presigned = { digest, envelope: bundle };
  await ports.store.locked(tenant, async (tx) => {
    // Another replica may have had the same job after a takeover.
    if (await tx.isAttested(entry.digest)) return;
    const session = commitSession(tenant, tx, await ports.keys.keysOf(tenant), ports.newSalt);
    session.record(event, { presigned, followsFrom });
    await session.finish();
    await tx.markAttested(entry.digest, entry.index);
  });
}
