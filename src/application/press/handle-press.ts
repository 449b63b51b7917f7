import type { Command } from '#domain/bypass/command';
import type { PersonId, TenantId } from '#domain/ids';
import { refuse } from '#domain/refusal';
import { SignedStatementStale } from '../commit/signed-statement.ts';
import { enrol, type Enrolled } from '../people/enrol.ts';
import {
  ApproversMoved,
  expectUnmoved,
  gatherFacts,
  PolicyMoved,
  situationOf,
} from '../people/gather-facts.ts';
import { byWorkspace, standingNow } from '../people/standing-now.ts';
import { LookUpFailed } from '../ports/directory.ts';
import { LogHeld } from '../ports/log-hold.ts';
import type { Ports } from '../ports/ports.ts';
import { aboutBypass, type PressAction } from '../ports/press.ts';
import type { PressRow } from '../ports/tenant-store.ts';
import { commitPress, endRefused, type PressAtWork } from './commit-press.ts';
import { handleApproval } from './handle-approval.ts';
import { handleAsk } from './handle-ask.ts';
import { handleClaim } from './handle-claim.ts';
import { handleMark } from './handle-mark.ts';
import { handleOpening } from './handle-opening.ts';
import { refuseForged } from './refuse-forged.ts';

/** An act that others overtake this often is better judged by the next try of the job. */
const MOST_ROUNDS = 3;

/**
 * The job of a stored press: judge, sign where a person's signature is due, commit, or tell the
 * presser why nothing changed. If something moved in between, all of it anew. A press that was
 * handled is left alone, so the job may run twice.
 *
 * @throws LookUpFailed and database errors: the job is tried again.
 */
export async function handlePress(ports: Ports, tenant: TenantId, pressId: string): Promise<void> {
  for (let round = 1; ; round += 1) {
    try {
      return await handleOnce(ports, tenant, pressId);
    } catch (error) {
      if (!hasMoved(error) || round === MOST_ROUNDS) throw error;
    }
  }
}

const hasMoved = (error: unknown): boolean =>
  error instanceof SignedStatementStale ||
  error instanceof PolicyMoved ||
  error instanceof ApproversMoved;

async function handleOnce(ports: Ports, tenant: TenantId, pressId: string): Promise<void> {
  const press = await ports.store.read(tenant, (tx) => tx.press(pressId));
  if (press === null || press.outcome !== null) return;
  try {
    await judge(ports, tenant, press);
  } catch (error) {
    // It stays so until an operator acts: to press again then is better than to be heard hours later.
    if (error instanceof LogHeld)
      return endRefused(ports, tenant, press, refuse({ code: 'log-held' }));
    // Somebody waits before the page: they are told, and may decide again, rather than the job be.
    if (press.via !== 'link' || !(error instanceof LookUpFailed)) throw error;
    await endRefused(ports, tenant, press, refuse({ code: 'look-up-failed', groups: [] }));
  }
}

async function judge(ports: Ports, tenant: TenantId, press: PressRow): Promise<void> {
  if (!ports.pressSeals.isAuthentic(press)) return refuseForged(ports, tenant, press.id);
  const situation = await situationOf(ports, tenant, aboutBypass(press.action));
  if (situation === null)
    return endRefused(ports, tenant, press, refuse({ code: 'unknown-bypass' }));
  const { directory } = situation.current;
  // Whoever came by a link has signed in, which may have to stand in for what Slack does not say.
  const ask = press.via === 'link' ? standingNow(ports, tenant) : byWorkspace(ports, tenant);
  const actor = await enrol(ports, tenant, directory, press.account, ask);
  if (typeof actor === 'string')
    return endRefused(ports, tenant, press, refuse({ code: 'cannot-act', standing: actor }));
  const atWork: PressAtWork = { press, actor, situation };
  switch (press.action.kind) {
    case 'open':
    case 'extend':
      return handleOpening(ports, tenant, atWork, press.action);
    case 'approve':
      return handleApproval(ports, tenant, atWork, press.action);
    case 'claim':
      return handleClaim(ports, tenant, atWork, press.action);
    case 'mark':
      return handleMark(ports, tenant, atWork, press.action);
    case 'ask':
      return handleAsk(ports, tenant, atWork, press.action);
    case 'deny':
    case 'withdraw':
    case 'close':
    case 'revoke':
    case 'complete':
      return handlePlain(ports, tenant, atWork, press.action);
  }
}

type PlainAction = Extract<
  PressAction,
  { kind: 'deny' | 'withdraw' | 'close' | 'revoke' | 'complete' }
>;

async function handlePlain(
  ports: Ports,
  tenant: TenantId,
  { press, actor, situation }: PressAtWork,
  action: PlainAction,
): Promise<void> {
  const facts = await gatherFacts(ports, tenant, situation, actor);
  await commitPress(ports, tenant, press, async (session, tx) => {
    await expectUnmoved(tx, situation);
    return session.run(commandOf(action, actor), facts);
  });
}

function completion(action: Extract<PressAction, { kind: 'complete' }>, by: PersonId): Command {
  return { ...action, type: 'complete-post-mortem', by };
}

function commandOf(action: PlainAction, { person: by }: Enrolled): Command {
  const { bypass } = action;
  switch (action.kind) {
    case 'deny':
      return { type: 'deny', bypass, by, reason: action.reason };
    case 'withdraw':
      return { type: 'withdraw', bypass, by };
    case 'close':
      return { type: 'close', bypass, by };
    case 'revoke':
      return { type: 'revoke', bypass, by, reason: action.reason };
    case 'complete':
      return completion(action, by);
  }
}
