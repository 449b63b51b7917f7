import { bypassIn } from '#domain/bypass/chain';
import type { Approve } from '#domain/bypass/command';
import { decide } from '#domain/bypass/decide';
import type { ApprovalGiven, Signing } from '#domain/bypass/event';
import type { BypassId, TenantId } from '#domain/ids';
import { isRefusal, refuse, type Refusal } from '#domain/refusal';
import { compose, type Composed } from '#ledger/statement';
import { loadCard } from '../card/load-card.ts';
import type { Presigned } from '../commit/commit-session.ts';
import { contextFor } from '../commit/context-for.ts';
import type { Facts } from '../commit/facts.ts';
import { restsOn } from '../commit/rests-on.ts';
import { expectUnmoved, gatherFacts, situationOf, type Situation } from '../people/gather-facts.ts';
import type { Ports } from '../ports/ports.ts';
import type { StoredSigning } from '../ports/signing-store.ts';
import type { TenantReads } from '../ports/tenant-store.ts';
import { prepareApproval, type Judged } from '../sign-in/prepare-approval.ts';
import { commitPress, endRefused, type PressAtWork } from './commit-press.ts';
import { factsKept, factsToKeep } from './kept-facts.ts';
import { keptStages } from './signing-stages.ts';

const RETRY_S = 5;

/**
 * An approval: judged, signed in the approver's name with no transaction open, judged again at the
 * commit. A try that comes after one that got part of the signature goes on from there.
 *
 * @throws SignedStatementStale, PolicyMoved, ApproversMoved when what was signed is not what would be committed.
 */
export async function handleApproval(
  ports: Ports,
  tenant: TenantId,
  { press, actor }: PressAtWork,
  action: { readonly bypass: BypassId; readonly ttlMs: number },
): Promise<void> {
  const situation = await situationOf(ports, tenant, action.bypass);
  const request = bypassIn(situation?.chain ?? null, action.bypass)?.request;
  if (situation === null || request === undefined)
    return endRefused(ports, tenant, press, refuse({ code: 'unknown-bypass' }));
  const subject = { kind: 'approval', about: press.id } as const;
  const [begun, row] = await Promise.all([
    ports.signings.find(tenant, subject),
    ports.store.read(tenant, (tx) => tx.bypass(action.bypass)),
  ]);
  const facts = await factsFor(ports, tenant, situation, actor, begun);
  if (row === null) return endRefused(ports, tenant, press, refuse({ code: 'unknown-bypass' }));

  const command = (signing: Signing, steppedUp = false): Approve => ({
    type: 'approve',
    bypass: action.bypass,
    by: actor.person,
    request: row.requestDigest,
    ttlMs: action.ttlMs,
    pressedAt: press.pressedAt,
    signing,
    steppedUp,
  });
  const alsoRestsOn = [actor.enrolment];
  const judge = (as: Approve) =>
    ports.store.read(tenant, (tx) => judged(tx, tenant, as, facts, alsoRestsOn, ports.newSalt));

  const attested = await judge(command('attested'));
  if (isRefusal(attested) && attested.code === 'step-up-required' && ports.signIn !== null) {
    const steppedUp = await judge(command('attested', true));
    if (isRefusal(steppedUp)) return endRefused(ports, tenant, press, steppedUp);
    const atWork = { press, actor };
    return prepareApproval(ports, tenant, atWork, ports.signIn, steppedUp, request.pendingUntilAt);
  }
  if (isRefusal(attested)) return endRefused(ports, tenant, press, attested);
  const { bytes, digest } = attested.composed;
  const now = await ports.store.read(tenant, (tx) => tx.now());
  const kept = factsToKeep(situation, facts);
  const stages = keptStages(ports.signings, tenant, subject, attested.composed, kept, begun);
  const answer = await ports.attester.attest(bytes, digest, actor.email, now, stages);
  if (answer.ok) {
    const presigned: Presigned = { digest, envelope: answer.bundle };
    return commitPress(ports, tenant, press, async (session, tx) => {
      await expectUnmoved(tx, situation);
      const events = await session.run(command('attested'), facts, { presigned, alsoRestsOn });
      // The commit takes the stages away, so they must all be there.
      await stages.settled();
      return events;
    });
  }
  await stages.settled();
  const provisional = await judge(command('provisional'));
  if (isRefusal(provisional) && provisional.code === 'attestation-required')
    return awaitAttestation(ports, tenant, press, action.bypass, request.pendingUntilAt);
  await commitPress(ports, tenant, press, async (session, tx) => {
    await expectUnmoved(tx, situation);
    return session.run(command('provisional'), facts, { alsoRestsOn });
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
  return { ...kept, standings: { ...kept.standings, [actor.person]: actor.standing } };
}

/** The approval as it would be committed now, composed: exactly these bytes are signed. */
async function judged(
  tx: TenantReads,
  tenant: TenantId,
  command: Approve,
  facts: Facts,
  alsoRestsOn: readonly Composed['digest'][],
  newSalt: () => Uint8Array,
): Promise<Judged | Refusal> {
  const chain = await tx.chainOf(command.bypass);
  const events = decide(chain, command, await contextFor(tx, chain, command, facts));
  if (isRefusal(events)) return events;
  const [event] = events as readonly [ApprovalGiven];
  const known = chain === null ? [] : await tx.entryHeadsOf(chain.id);
  const followsFrom = [...restsOn(event, known), ...alsoRestsOn];
  const log = await tx.logOrigin();
  return { command, event, composed: compose({ tenant, log, followsFrom, event }, newSalt) };
}

/** The press is kept and tried again until the request lapses; its presser is told once. */
async function awaitAttestation(
  ports: Ports,
  tenant: TenantId,
  press: PressAtWork['press'],
  bypass: BypassId,
  retryUntilAt: number,
): Promise<void> {
  await ports.store.locked(tenant, async (tx) => {
    // Another replica may have had the same job, and Sigstore's answer with it.
    if ((await tx.press(press.id))?.outcome !== null) return;
    await tx.retryPress(press.id, RETRY_S);
    if (!(await tx.markAwaiting(press.id))) return;
    const card = await loadCard(ports, tx, bypass);
    if (card === null) return;
    await tx.addNote(press.account, press.from, { kind: 'signer-unavailable', card, retryUntilAt });
  });
}
