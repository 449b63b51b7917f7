import { randomUUID } from 'node:crypto';
import { and, eq, gt, sql } from 'drizzle-orm';
import { PAGER_KINDS } from '#application/ports/pager';
import { PAGE_QUEUES, type Queue } from '#application/ports/queues';
import type { Recipient } from '#application/ports/surface';
import { LogHeld } from '#application/ports/log-hold';
import type { LockedHead, TenantReads, TenantWrites, Touch } from '#application/ports/tenant-store';
import { accountKey } from '#application/ports/account';
import type { BypassId, TenantId } from '#domain/ids';
import type { Jobs } from '../jobs.ts';
import * as t from '../schema.ts';
import * as surfaces from '../tables/surfaces.ts';
import type { Transaction } from '../transaction.ts';
import { append } from './append.ts';
import { claimWrites } from './claims.ts';
import { eventWrites } from './event-writes.ts';
import { gateWrites } from './gate-writes.ts';
import { homeWrites } from './home-store.ts';
import { incidentWrites } from './incident-store.ts';
import { tenantKeyPurpose } from './key-names.ts';
import { provenanceWrites } from './provenance-writes.ts';
import { questionWrites } from './questions.ts';
import { markWrites } from './timeline-marks.ts';
import { endSigning } from './signing-store.ts';
import { signInWrites } from './sign-in-writes.ts';
import { warningWrites } from './threads.ts';
import { drillWrites } from './drill-reads.ts';
import { erasureWrites } from './erasure.ts';
import { linkWrites } from './link-store.ts';
import { renewLeases, takeOverLease } from './leases.ts';
import { routingWrites } from './routing-writes.ts';
import { replaceDeadlines, saveChain, setPending } from './save-chain.ts';

/** The writes of one commit. Jobs go in with it, so they exist exactly if it stands. */
export function tenantWrites(
  reads: TenantReads,
  transaction: Transaction,
  tenantId: TenantId,
  log: LockedHead,
  jobs: Pick<Jobs, 'sendIn' | 'sendAllIn'>,
): TenantWrites {
  const { db } = transaction;
  let isHeld = log.held !== null;
  const send = async (queue: Queue, id: string, kind?: string): Promise<void> => {
    const payload = { tenant: tenantId, id, ...(kind === undefined ? {} : { kind }) };
    await jobs.sendIn(transaction, queue, payload);
  };
  const touchSurfaces = async (
    bypass: BypassId,
    { kind, urgent = true }: Touch = {},
  ): Promise<void> => {
    // Counting up locks the rows: a publisher that reads now waits and sees that there is more.
    const rows = await db
      .update(surfaces.surface)
      .set({
        wanted: sql`${surfaces.surface.wanted} + 1`,
        ...(urgent ? { urgent } : {}),
      })
      .where(
        and(
          eq(surfaces.surface.bypassId, bypass),
          kind === undefined ? undefined : eq(surfaces.surface.kind, kind),
        ),
      )
      .returning({ id: surfaces.surface.surfaceId });
    const wanted = rows.map(({ id }) => ({ tenant: tenantId, id }));
    if (wanted.length > 0) await jobs.sendAllIn(transaction, 'surface', wanted);
  };

  return {
    ...reads,
    ...signInWrites(transaction, tenantId),
    ...eventWrites(transaction, tenantId, jobs),
    ...gateWrites(transaction, tenantId, jobs),
    ...incidentWrites(transaction, tenantId),
    ...provenanceWrites(transaction, tenantId, jobs),
    ...claimWrites(transaction, tenantId),
    ...questionWrites(transaction, tenantId, jobs),
    ...markWrites(transaction, tenantId),
    ...linkWrites(transaction),
    ...drillWrites(transaction, tenantId, jobs),
    ...erasureWrites(transaction),
    ...warningWrites(transaction, tenantId, jobs),
    ...homeWrites(transaction, tenantId, jobs),
    log,
    async append(batch) {
      if (isHeld) throw new LogHeld('the log was rolled back, and nobody said that they know');
      await append(transaction, tenantId, log.frontier.size, batch);
    },
    async acknowledgeRestore() {
      const restores = sql`${t.logHead.restores} + 1`;
      await db.update(t.logHead).set({ heldNote: null, heldAt: null, restores });
      isHeld = false;
    },
    async addSealedKey(purpose, version, sealed) {
      const named = tenantKeyPurpose(purpose, version);
      await db.insert(t.secret).values({ tenantId, purpose: named, sealed });
    },
    saveChain: (chain, columns) => saveChain(transaction, tenantId, chain, columns),
    replaceDeadlines: (chain, deadlines) =>
      replaceDeadlines(transaction, tenantId, chain, deadlines),
    async endDeadline({ bypass, kind, about, dueAt }) {
      await db
        .delete(t.deadline)
        .where(
          and(
            eq(t.deadline.tenantId, tenantId),
            eq(t.deadline.bypassId, bypass),
            eq(t.deadline.kind, kind),
            eq(t.deadline.about, about),
            eq(t.deadline.dueAt, new Date(dueAt)),
          ),
        );
    },
    ...routingWrites(transaction, tenantId),
    async hasReminderAfter(bypass, after) {
      const later = and(
        eq(t.deadline.tenantId, tenantId),
        eq(t.deadline.bypassId, bypass),
        eq(t.deadline.kind, 'remind'),
        gt(t.deadline.dueAt, new Date(after)),
      );
      return (await db.$count(t.deadline, later)) > 0;
    },
    async addReminder(bypassId, dueAt) {
      const row = { tenantId, bypassId, kind: 'remind', dueAt: new Date(dueAt) };
      await db.insert(t.deadline).values(row).onConflictDoNothing();
    },
    renewLeases: (leases, until) => renewLeases(transaction, tenantId, leases, until),
    takeOverLease: (from, { bypass, deploy }) =>
      takeOverLease(transaction, from, { tenantId, bypassId: bypass, deploy }),
    setPending: (bypass, deploy, pending) =>
      setPending(transaction, tenantId, bypass, deploy, pending),
    async wantSurface({ bypass, kind, to }) {
      const values = {
        tenantId,
        surfaceId: randomUUID(),
        bypassId: bypass,
        kind,
        recipient: to,
        recipientKey: recipientKey(to),
      };
      // The event that wants it also touches all surfaces of its chain, which enqueues the job.
      await db.insert(surfaces.surface).values(values).onConflictDoNothing();
    },
    touchSurfaces,
    async addNote(account, from, note) {
      const noteId = randomUUID();
      await db
        .insert(surfaces.note)
        .values({ tenantId, noteId, ...account, fromMessage: from, content: note });
      await send('note', noteId);
    },
    async addPage(bypass, kind) {
      for (const way of PAGER_KINDS) await send(PAGE_QUEUES[way], bypass, kind);
    },
    async markAwaiting(id) {
      const rows = await db
        .update(t.press)
        .set({ awaiting: true })
        .where(and(eq(t.press.pressId, id), eq(t.press.awaiting, false)))
        .returning();
      return rows.length > 0;
    },
    async retryPress(id, startAfter) {
      await jobs.sendIn(transaction, 'press', { tenant: tenantId, id }, { startAfter });
    },
    async endPress(id, outcome) {
      // What somebody asked is kept no longer than it takes to post it, and what was taken from a
      // thread stands where it can be erased.
      const action = sql`${t.press.action} - 'question' - 'said'`;
      await db.update(t.press).set({ outcome, action }).where(eq(t.press.pressId, id));
      await endSigning(transaction, { kind: 'approval', about: id });
    },
    enqueue: (queue, bypass) => send(queue, bypass),
    wantCheckpoint: () => send('checkpoint', 'newest'),
    async bindEnrolment({ team, user }, email, entry) {
      await db
        .update(t.account)
        .set({ email, enrolledDigest: entry })
        .where(and(eq(t.account.team, team), eq(t.account.user, user)));
    },
    async markAttested(statementDigest, index) {
      await db.insert(t.attested).values({ tenantId, statementDigest, index });
      await endSigning(transaction, { kind: 'late', about: statementDigest });
    },
    tellPolicy: (entry, before) => send('policy', entry, before),
    async addPolicy({ digest, content, directory }, document) {
      await db
        .insert(t.policy)
        .values({ tenantId, digest, content, directory, document })
        .onConflictDoNothing();
      await db
        .update(t.tenant)
        .set({ policyDigest: digest })
        .where(eq(t.tenant.tenantId, tenantId));
    },
  };
}

function recipientKey(to: Recipient): string {
  switch (to.kind) {
    case 'channel':
      return `channel:${to.team}/${to.channel}`;
    case 'thread':
      return `thread:${to.team}/${to.channel}/${to.parent}`;
    case 'person':
      return `person:${accountKey(to.account)}`;
  }
}
