import { bypassIn, type Request } from '#domain/bypass/chain';
import type { Approve } from '#domain/bypass/command';
import { decide } from '#domain/bypass/decide';
import type { ApprovalGiven, Signing } from '#domain/bypass/event';
import type { DigestText, TenantId } from '#domain/ids';
import { isRefusal, type Refusal } from '#domain/refusal';
import { compose } from '#ledger/statement';
import { contextFor } from '../commit/context-for.ts';
import type { Facts } from '../commit/facts.ts';
import { restsOn } from '../commit/rests-on.ts';
import { gatherFacts, situationOf, type Situation } from '../people/gather-facts.ts';
import type { Ports } from '../ports/ports.ts';
import type { PressAction } from '../ports/press.ts';
import type { StoredSigning } from '../ports/signing-store.ts';
import type { PressAtWork } from './commit-press.ts';
import { factsKept } from './kept-facts.ts';
import type { Judged } from './prepare-approval.ts';

export type ApproveAction = Extract<PressAction, { kind: 'approve' }>;

/** An approval with everything that one try of its press judges it by. */
export interface ApprovalAtWork extends PressAtWork {
  readonly action: ApproveAction;
  readonly request: Request;
  /** Of the entry that opened the request. */
  readonly requestDigest: DigestText;
  readonly facts: Facts;
  /** What an earlier try got of the signature. */
  readonly begun: StoredSigning | null;
}

/** `null` where there is no such request. */
export async function approvalAtWork(
  ports: Ports,
  tenant: TenantId,
  { press, actor }: Pick<PressAtWork, 'press' | 'actor'>,
  action: ApproveAction,
): Promise<ApprovalAtWork | null> {
  const situation = await situationOf(ports, tenant, action.bypass);
  const request = bypassIn(situation?.chain ?? null, action.bypass)?.request;
  if (situation === null || request === undefined) return null;
  const [begun, row] = await Promise.all([
    ports.signings.find(tenant, { kind: 'approval', about: press.id }),
    ports.store.read(tenant, (tx) => tx.bypass(action.bypass)),
  ]);
  if (row === null) return null;
  const { requestDigest } = row;
  const facts = await factsFor(ports, tenant, situation, actor, begun);
  return { press, actor, situation, action, request, requestDigest, facts, begun };
}

export function approveCommand(
  { press, actor, action, requestDigest }: ApprovalAtWork,
  signing: Signing,
  steppedUp = false,
): Approve {
  return {
    type: 'approve',
    bypass: action.bypass,
    by: actor.person,
    request: requestDigest,
    ttlMs: action.ttlMs,
    pressedAt: press.pressedAt,
    signing,
    steppedUp,
  };
}

/** The approval as it would be committed now, composed: exactly these bytes are signed. */
export async function judgeApproval(
  { store, newSalt }: Pick<Ports, 'store' | 'newSalt'>,
  tenant: TenantId,
  { actor, facts }: ApprovalAtWork,
  command: Approve,
): Promise<Judged | Refusal> {
  return store.read(tenant, async (tx) => {
    const chain = await tx.chainOf(command.bypass);
    const events = decide(chain, command, await contextFor(tx, chain, command, facts));
    if (isRefusal(events)) return events;
    const [event] = events as readonly [ApprovalGiven];
    const known = chain === null ? [] : await tx.entryHeadsOf(chain.id);
    const followsFrom = [...restsOn(event, known), actor.enrolment];
    const log = await tx.logOrigin();
    return { command, event, composed: compose({ tenant, log, followsFrom, event }, newSalt) };
  });
}

/** What an earlier try of this press knew, where its signature can be gone on with; else looked up. */
async function factsFor(
  ports: Ports,
  tenant: TenantId,
  situation: Situation,
  actor: PressAtWork['actor'],
  begun: StoredSigning | null,
): Promise<Facts> {
  if (begun === null) return gatherFacts(ports, tenant, situation, actor);
  const now = await ports.store.read(tenant, (tx) => tx.now());
  const kept = factsKept(begun, situation, now);
  if (kept === null) return gatherFacts(ports, tenant, situation, actor);
  const { person, standing, signedInAt } = actor;
  const { [person]: _then, ...vouched } = kept.vouched ?? {};
  return {
    ...kept,
    standings: { ...kept.standings, [person]: standing },
    vouched: signedInAt === null ? vouched : { ...vouched, [person]: signedInAt },
  };
}
