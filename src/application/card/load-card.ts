import type { Bypass, Chain } from '#domain/bypass/chain';
import { grantableMs } from '#domain/bypass/decide/approve';
import { versionsOf, type Version } from '#domain/bypass/decide/judged';
import type { Context } from '#domain/bypass/context';
import type { BypassId, PersonId } from '#domain/ids';
import { DAY_MS } from '#domain/instant';
import { lookUp } from '#domain/policy/evaluate-policy';
import type { Digest } from '#ledger/digest';
import type { BypassCard, PersonView, Receipt } from '../ports/card.ts';
import type { Ports } from '../ports/ports.ts';
import type { EntryRow, PersonRow, TenantReads } from '../ports/tenant-store.ts';
import { claimViews } from './claim-views.ts';
import { denialsBefore } from './denials-before.ts';
import { otherActive } from './other-active.ts';
import { approvalViews, deployViews, endView } from './views.ts';
import { nextStep } from './next-step.ts';
import { requirementViews, unmeetable } from './requirement-views.ts';

/** A bypass as messages show it, from the rows of one transaction. `null` if the tenant has none such. */
export async function loadCard(
  ports: Pick<Ports, 'evaluation'>,
  tx: TenantReads,
  id: BypassId,
): Promise<BypassCard | null> {
  const chain = await tx.chainOf(id);
  const bypass = chain?.bypasses.find((one) => one.request.id === id);
  if (chain === null || bypass === undefined) return null;
  const { request } = bypass;
  const entries = (await tx.entriesOf(chain.id)).filter((one) => one.bypass === id);
  const asked = await tx.asked(id);
  const denials = bypass.phase === 'waiting' ? await deniedBefore(tx, id) : [];
  const claims = bypass.phase === 'waiting' ? await tx.claimsOf(id) : [];
  const everyone = new Set([
    ...peopleIn(chain, bypass),
    ...[...asked, ...claims].map((one) => one.person),
  ]);
  const people = directoryOf(
    await tx.people([...everyone, ...denials.flatMap((one) => one.by ?? [])]),
  );
  const versions = await versionsFor(tx, bypass);
  const [made] = versions;
  const opened = entries.find((one) => one.type === 'request.opened');
  const policy = await tx.policy(request.policy);
  const requirements = requirementViews(bypass, made, asked, people);
  const grant = bypass.phase === 'active' || bypass.phase === 'closed' ? bypass.grant : null;

  return {
    bypass: id,
    drill: chain.drill,
    evaluation: ports.evaluation,
    phase: bypass.phase,
    gate: request.gate,
    ...(request.gates === undefined ? {} : { gates: request.gates }),
    gateDescription: lookUp(policy?.content.gates ?? {}, request.gate)?.description ?? '',
    scope: request.scope,
    severity: request.severity,
    ...(request.raised === undefined ? {} : { raised: request.raised }),
    justification: opened?.openings['justification'] ?? null,
    incident: opened?.openings['incident'] ?? null,
    requester: people(request.requester),
    tiers: made?.evaluation.tiers ?? [],
    requirements,
    approvals: approvalViews(
      request.approvals,
      entries,
      people,
      await attestedLate(tx, bypass, entries),
    ),
    ttlAskedMs: request.ttlAskedMs,
    grantableMs: grantableMs(request, versions),
    stepUp: versions.some((one) => one.evaluation.stepUp === 'sso'),
    openedAt: request.openedAt,
    pendingUntilAt: request.pendingUntilAt,
    escalated: request.escalatedMs > 0,
    extends: request.extends,
    grant,
    end: endView(bypass, entries, people),
    openBesideUntil:
      bypass.phase === 'closed' ? await tx.openBesideUntil(id, bypass.endedAt) : null,
    deploys: deployViews(bypass, entries),
    receipt: receiptOf(entries),
    postMortem: postMortemOf(chain, people),
    earlierDenials: denials.map((one) => ({ ...one, by: people(one.by) })),
    earlierUndecided: bypass.phase === 'waiting' ? await undecidedBefore(tx, id) : NONE_BEFORE,
    reference: opened?.index ?? -1,
    claims: claimViews(bypass, claims, claims.length === 0 ? 0 : await tx.now(), people),
    questions: await tx.questionsOf(id),
    nobodyFor: bypass.phase === 'waiting' ? unmeetable(requirements) : [],
    nextStep: bypass.phase === 'waiting' ? nextStep(request, made) : null,
    otherActive: await otherActive(tx, chain, bypass),
  };
}

/** Approvals that Sigstore attested after they were given. */
async function attestedLate(
  tx: TenantReads,
  { request }: Bypass,
  entries: readonly EntryRow[],
): Promise<ReadonlySet<Digest>> {
  if (request.approvals.every((one) => one.signing === 'attested')) return new Set();
  const given = entries.filter((one) => one.type === 'approval.given').map((one) => one.digest);
  const late: Digest[] = [];
  for (const digest of given) if (await tx.isAttested(digest)) late.push(digest);
  return new Set(late);
}

/** A person nobody knows any more is shown by what is left: their id. */
export function directoryOf(rows: readonly PersonRow[]): (person: PersonId) => PersonView {
  return (person) =>
    rows.find((row) => row.person === person) ?? {
      person,
      account: { team: '', user: '' },
      name: 'somebody unknown',
    };
}

function receiptOf(entries: readonly EntryRow[]): Receipt {
  return entries.at(-1)?.receipt ?? { index: -1, size: 0, root: '' };
}

function peopleIn(chain: Chain, bypass: Bypass): readonly PersonId[] {
  const ended = 'by' in bypass && bypass.by !== null ? [bypass.by] : [];
  const assignee = chain.postMortem === null ? [] : [chain.postMortem.assignee];
  const approvers = bypass.request.approvals.map((one) => one.approver);
  return [bypass.request.requester, ...approvers, ...ended, ...assignee];
}

async function versionsFor(tx: TenantReads, { request }: Bypass): Promise<readonly Version[]> {
  const current = await tx.currentPolicy();
  const made = await tx.policy(request.policy);
  if (current === null || made === null) return [];
  const context: Pick<Context, 'current' | 'policies'> = {
    current: current.digest,
    policies: { [made.digest]: made.content, [current.digest]: current.content },
  };
  return versionsOf(request, context);
}

const NONE_BEFORE = { withdrawn: 0, lapsed: 0 };

async function undecidedBefore(tx: TenantReads, id: BypassId) {
  return tx.undecidedSince(id, (await tx.now()) - DAY_MS);
}

async function deniedBefore(tx: TenantReads, id: BypassId) {
  return denialsBefore(tx, await tx.deniedSince(id, (await tx.now()) - DAY_MS));
}

function postMortemOf(
  { postMortem }: Chain,
  people: (person: PersonId) => PersonView,
): BypassCard['postMortem'] {
  if (postMortem === null) return null;
  const { assignee, dueAt, completedAt } = postMortem;
  return { assignee: people(assignee), dueAt, completedAt };
}
