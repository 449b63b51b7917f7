import type { Signing } from '#domain/bypass/event';
import type { TenantId } from '#domain/ids';
import { isRefusal, refuse } from '#domain/refusal';
import type { Composed } from '#ledger/statement';
import { loadCard } from '../card/load-card.ts';
import type { Presigned } from '../commit/signed-statement.ts';
import { expectUnmoved } from '../people/gather-facts.ts';
import type { Ports } from '../ports/ports.ts';
import type { SignInSetting } from '../ports/sign-in.ts';
import {
  approvalAtWork,
  approveCommand,
  judgeApproval,
  type ApprovalAtWork,
  type ApproveAction,
} from './approval-at-work.ts';
import { commitPress, endRefused, type PressAtWork } from './commit-press.ts';
import { factsToKeep } from './kept-facts.ts';
import { prepareApproval } from './prepare-approval.ts';
import { keptStages, type KeptStages } from './signing-stages.ts';

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
  atWork: PressAtWork,
  action: ApproveAction,
): Promise<void> {
  const { press } = atWork;
  const approval = await approvalAtWork(ports, tenant, atWork, action);
  if (approval === null)
    return endRefused(ports, tenant, press, refuse({ code: 'unknown-bypass' }));
  // Whoever came by a link signs with a sign-in, whatever the tier asks: nobody saw them press.
  if (press.via === 'link')
    return ports.signIn === null
      ? endRefused(ports, tenant, press, refuse({ code: 'step-up-required' }))
      : askToSignIn(ports, tenant, approval, ports.signIn);
  const judged = await judgeApproval(ports, tenant, approval, approveCommand(approval, 'attested'));
  if (!isRefusal(judged)) return signAndCommit(ports, tenant, approval, judged.composed);
  if (judged.code === 'step-up-required' && ports.signIn !== null)
    return askToSignIn(ports, tenant, approval, ports.signIn);
  return endRefused(ports, tenant, press, judged);
}

/** What would be refused with a sign-in too asks nobody for one. */
async function askToSignIn(
  ports: Ports,
  tenant: TenantId,
  approval: ApprovalAtWork,
  signIn: SignInSetting,
): Promise<void> {
  const command = approveCommand(approval, 'attested', true);
  const judged = await judgeApproval(ports, tenant, approval, command);
  if (isRefusal(judged)) return endRefused(ports, tenant, approval.press, judged);
  return prepareApproval(ports, tenant, approval, signIn, judged, approval.request.pendingUntilAt);
}

/** Where Sigstore does not answer, the service's own key signs, or the approval waits, by its tier. */
async function signAndCommit(
  ports: Ports,
  tenant: TenantId,
  approval: ApprovalAtWork,
  composed: Composed,
): Promise<void> {
  const { press, actor, situation, facts, begun } = approval;
  const { bytes, digest } = composed;
  const now = await ports.store.read(tenant, (tx) => tx.now());
  const kept = factsToKeep(situation, facts);
  const subject = { kind: 'approval', about: press.id } as const;
  const stages = keptStages(ports.signings, tenant, subject, composed, kept, begun);
  const answer = await ports.attester.attest(bytes, digest, actor.email, now, stages);
  if (answer.ok) {
    const presigned = { digest, envelope: answer.bundle };
    return commitApproval(ports, tenant, approval, 'attested', stages, presigned);
  }
  await stages.settled();
  const command = approveCommand(approval, 'provisional');
  const provisional = await judgeApproval(ports, tenant, approval, command);
  if (isRefusal(provisional) && provisional.code === 'attestation-required')
    return awaitAttestation(ports, tenant, approval);
  return commitApproval(ports, tenant, approval, 'provisional', stages);
}

async function commitApproval(
  ports: Ports,
  tenant: TenantId,
  approval: ApprovalAtWork,
  signing: Signing,
  stages: KeptStages,
  presigned?: Presigned,
): Promise<void> {
  const { press, actor, situation, facts } = approval;
  const alsoRestsOn = [actor.enrolment];
  const options = presigned === undefined ? { alsoRestsOn } : { alsoRestsOn, presigned };
  await commitPress(ports, tenant, press, async (session, tx) => {
    await expectUnmoved(tx, situation);
    const events = await session.run(approveCommand(approval, signing), facts, options);
    // The commit takes the stages away, so they must all be there.
    await stages.settled();
    return events;
  });
}

/** The press is kept and tried again until the request lapses; its presser is told once. */
async function awaitAttestation(
  ports: Ports,
  tenant: TenantId,
  { press, action: { bypass }, request: { pendingUntilAt: retryUntilAt } }: ApprovalAtWork,
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
