import { bypassIn, type Chain } from '#domain/bypass/chain';
import type { BypassEvent, DeployAnnotated } from '#domain/bypass/event';
import type { BypassId, PersonId } from '#domain/ids';
import { deployKey, keyIn, memberOf, openedGates } from '#domain/opened-gates';
import type { BypassColumns, TenantWrites } from '../ports/tenant-store.ts';
import { tellDrill } from '../drill/tell-drill.ts';
import { tellOutcome } from './tell-outcome.ts';

/** Many of them come together, and nobody has to act on one. */
const UNHURRIED: ReadonlySet<BypassEvent['type']> = new Set([
  'deploy.annotated',
  'deploy.finished',
  'provenance.checked',
]);

/**
 * What the world is to hear of committed events: surfaces to render, pages, checks of the gate. All
 * of it is rows in the same transaction, so nothing is heard of what was rolled back.
 */
export async function effectsOf(
  tx: TenantWrites,
  chain: Chain,
  events: readonly BypassEvent[],
  columns: ReadonlyMap<BypassId, BypassColumns>,
): Promise<void> {
  for (const event of events) await effectOf(tx, chain, event, columns);
  // An extension changes what the cards of its chain can say and the other way round.
  const urgent = events.some((event) => !UNHURRIED.has(event.type));
  for (const { request } of chain.bypasses) await tx.touchSurfaces(request.id, { urgent });
  if (urgent) await tx.touchHomes();
  await wantIssue(tx, chain);
}

/** What a commit changes of a chain, its review shows, wherever it is kept. */
async function wantIssue(tx: TenantWrites, { postMortem }: Chain): Promise<void> {
  if (postMortem === null) return;
  if ((await tx.currentPolicy())?.directory.reviewIssues === undefined) return;
  await tx.enqueue('review-issue', postMortem.bypass);
}

async function effectOf(
  tx: TenantWrites,
  chain: Chain,
  event: BypassEvent,
  columns: ReadonlyMap<BypassId, BypassColumns>,
): Promise<void> {
  const { bypass } = event;
  switch (event.type) {
    case 'request.opened':
      await wantCards(tx, event.requester, bypass, columns.get(bypass));
      return tx.addPage(bypass, 'asked');
    case 'request.escalated':
      return tx.addPage(bypass, 'escalated');
    case 'request.denied':
    case 'request.withdrawn':
    case 'request.lapsed':
      await tellOutcome(tx, chain, event);
      await tellDrill(tx, chain, bypass);
      return tx.addPage(bypass, 'resolved');
    case 'bypass.activated':
      // A drill opens no gate.
      if (!event.drill) await eachGate(chain, bypass, (gate) => tx.enqueueGate(gate));
      await tellOutcome(tx, chain, event);
      await touchWaiting(tx, chain);
      return tx.addPage(bypass, 'resolved');
    case 'approval.given':
      return event.signing === 'provisional' ? tx.enqueue('attest', bypass) : undefined;
    case 'bypass.closed':
      await touchWaiting(tx, chain);
      // A drill opened no gate, so there is none to look at.
      if (event.drill) return tellDrill(tx, chain, bypass);
      await eachGate(chain, bypass, (gate) => tx.enqueueGate(gate));
      return eachGate(chain, bypass, (_, member) => tx.enqueueReadBack(bypass, 0, member));
    case 'deploy.reverted': {
      const isPending = event.result === 'pending';
      await tx.setPending(bypass, deployKey(event), isPending);
      return isPending ? tx.enqueueRevert(bypass, deployKey(event)) : undefined;
    }
    case 'deploy.finished':
    case 'deploy.adopted':
      return tx.setPending(bypass, deployKey(event), false);
    case 'post-mortem.opened':
      return wantPostMortem(tx, event.assignee, bypass, columns.get(bypass));
    case 'deploy.annotated':
      return event.adoptedFrom === null ? undefined : takeOverLease(tx, event, event.adoptedFrom);
    case 'provenance.checked':
    case 'gate.read-back':
    case 'post-mortem.completed':
      return undefined;
  }
}

/** Whoever has to decide on a request sees what else is active. */
async function touchWaiting(tx: TenantWrites, { bypasses }: Chain): Promise<void> {
  const own = new Set(bypasses.map(({ request }) => request.id));
  for (const { bypass } of await tx.lines('waiting'))
    if (!own.has(bypass)) await tx.touchSurfaces(bypass, { kind: 'approver', urgent: false });
}

/** Each gate that the bypass opened; `member` where they are several. */
async function eachGate(
  chain: Chain,
  bypass: BypassId,
  act: (gate: string, member: string | undefined) => Promise<void>,
): Promise<void> {
  const request = bypassIn(chain, bypass)?.request;
  if (request === undefined) return;
  for (const gate of openedGates(request)) await act(gate, memberOf(request, gate).member);
}

/** An adopted deploy lives on under its adopter as long as it last said it would. */
async function takeOverLease(
  tx: TenantWrites,
  event: DeployAnnotated,
  from: BypassId,
): Promise<void> {
  const left = bypassIn(await tx.chainOf(from), from)?.request;
  if (left === undefined) return;
  const { bypass, member, gate, deploy } = event;
  const before = { bypass: from, deploy: keyIn(left, member ?? gate, deploy) };
  await tx.takeOverLease(before, { bypass, deploy: deployKey(event) });
}

async function wantCards(
  tx: TenantWrites,
  requester: PersonId,
  bypass: BypassId,
  columns: BypassColumns | undefined,
): Promise<void> {
  const channel = channelOf(columns);
  if (channel !== null) await tx.wantSurface({ bypass, kind: 'incident', to: channel });
  const [person] = await tx.people([requester]);
  if (person !== undefined)
    await tx.wantSurface({
      bypass,
      kind: 'requester',
      to: { kind: 'person', account: person.account },
    });
}

async function wantPostMortem(
  tx: TenantWrites,
  assignee: PersonId,
  bypass: BypassId,
  columns: BypassColumns | undefined,
): Promise<void> {
  const channel = channelOf(columns);
  if (channel !== null) await tx.wantSurface({ bypass, kind: 'post-mortem', to: channel });
  const [person] = await tx.people([assignee]);
  if (person !== undefined)
    await tx.wantSurface({
      bypass,
      kind: 'post-mortem',
      to: { kind: 'person', account: person.account },
    });
}

function channelOf(columns: BypassColumns | undefined) {
  if (columns === undefined || columns.team === null || columns.channel === null) return null;
  return { kind: 'channel', team: columns.team, channel: columns.channel } as const;
}
