import type { OpenRequest } from '#domain/bypass/command';
import { bypassId, type BypassId, type TenantId } from '#domain/ids';
import { costOfOverdue } from '#domain/policy/overdue-review';
import { isRefusal, refuse } from '#domain/refusal';
import { shapeMistakes } from '../forms/check-form.ts';
import { owedReview } from '../commit/context-for.ts';
import type { Facts } from '../commit/facts.ts';
import { RECHECK_MS, RECHECK_SOON_MS } from '../deadlines/recheck.ts';
import { askableFor, candidatesOf, tooFew, type Askable } from '../people/candidates.ts';
import { expectUnmoved, gatherFacts } from '../people/gather-facts.ts';
import { LookUpFailed } from '../ports/directory.ts';
import type { Ports } from '../ports/ports.ts';
import type { PressAction } from '../ports/press.ts';
import type { PolicyVersion } from '../ports/policy-version.ts';
import type { TenantWrites } from '../ports/tenant-store.ts';
import { askApprovers } from '../surfaces/ask-approvers.ts';
import { tellNobody } from '../surfaces/tell-nobody.ts';
import { commitPress, endRefused, type PressAtWork } from './commit-press.ts';

type OpeningAction = Extract<PressAction, { kind: 'open' | 'extend' }>;

/** Opens a request, or the extension of an active bypass, and asks its approvers in the same commit. */
export async function handleOpening(
  ports: Ports,
  tenant: TenantId,
  { press, actor, situation }: PressAtWork,
  action: OpeningAction,
): Promise<void> {
  if (action.kind === 'open') {
    // What the policy does not know is the decider's to refuse.
    const fields = shapeMistakes(situation.current, action.form)
      .filter((one) => one.code !== 'unknown')
      .map((one) => one.field);
    if (fields.length > 0)
      return endRefused(ports, tenant, press, refuse({ code: 'form-unusable', fields }));
  }
  const asked = openCommand(bypassId(ports.newId()), actor.person, situation, action);
  if (asked === null) return endRefused(ports, tenant, press, refuse({ code: 'unknown-bypass' }));
  const { card } = asked;
  const command = { ...asked.command, incident: await incidentOf(ports, tenant, asked.command) };
  const facts = await gatherFacts(ports, tenant, situation, actor);
  const asking = { ...command, ...(await raisedNow(ports, tenant, situation.current, command)) };
  const askable = await askableFor(ports, tenant, situation.current, asking, 0);
  expectKnown(askable, situation.current, facts);
  await commitPress(ports, tenant, press, async (session, tx) => {
    await expectUnmoved(tx, situation);
    const place = card ?? (await channelOfExtended(tx, command));
    const events = await session.run(command, facts, {
      ...(place === null ? {} : { card: place }),
      alsoRestsOn: [actor.enrolment],
    });
    if (isRefusal(events)) return events;
    session.afterProjection(() => ask(tx, command.bypass, askable));
    return events;
  });
}

/** Judged again at the commit: where it moved in between, whom to ask is looked up again later. */
async function raisedNow(
  { store }: Pick<Ports, 'store'>,
  tenant: TenantId,
  current: PolicyVersion,
  { scope, drill, extends: extended }: OpenRequest,
): Promise<{ readonly raised?: boolean }> {
  return store.read(tenant, async (tx) => {
    const owed = await owedReview(tx, current, scope);
    const asked = { drill, isExtension: extended !== null };
    const cost = costOfOverdue(current.content, owed, asked, await tx.now());
    return cost === 'raise' ? { raised: true } : {};
  });
}

/**
 * While nobody can say who may ask and whom to ask, the press waits. Whom to ask alone is looked up
 * again while the request waits: what one source cannot say keeps nobody else from being asked.
 *
 * @throws LookUpFailed
 */
function expectKnown(
  askable: readonly Askable[],
  { digest, content }: PolicyVersion,
  { lookUps }: Facts,
): void {
  const unknown = new Set(askable.flatMap((one) => one.unknown));
  const requesters = lookUps.filter(
    (one) => one.policy === digest && content.requesters.includes(one.group),
  );
  if (unknown.size > 0 && requesters.every((one) => one.outcome === 'failed'))
    throw new LookUpFailed(`nobody can say who is in ${[...unknown].join(', ')}`);
}

async function ask(tx: TenantWrites, bypass: BypassId, askable: readonly Askable[]): Promise<void> {
  await askApprovers(tx, bypass, candidatesOf(askable));
  const isKnown = askable.every((one) => one.unknown.length === 0);
  await tx.addRecheck(bypass, isKnown ? RECHECK_MS : RECHECK_SOON_MS);
  if (tooFew(askable)) await tellNobody(tx, bypass);
}

function openCommand(
  bypass: BypassId,
  by: OpenRequest['by'],
  { chain, current }: PressAtWork['situation'],
  action: OpeningAction,
) {
  const base = { type: 'open', bypass, by } as const;
  if (action.kind === 'open') {
    const { channel, ...form } = action.form;
    const place = channel ?? current.directory.channels.incidents;
    const card = place === null ? null : { team: current.directory.homeTeam, channel: place };
    return { command: { ...base, ...form, extends: null } satisfies OpenRequest, card };
  }
  const extended = chain?.bypasses.find((one) => one.request.id === action.bypass)?.request;
  if (chain === null || extended === undefined) return null;
  const { gate, scope, severity } = extended;
  const { ttlMs, justification } = action;
  const command: OpenRequest = {
    ...base,
    gate,
    scope,
    severity,
    ttlMs,
    justification,
    incident: null,
    drill: chain.drill,
    extends: action.bypass,
  };
  return { command, card: null };
}

/** An extension belongs to the incident of the bypass that it extends, as it was typed there. */
async function incidentOf(
  { store }: Pick<Ports, 'store'>,
  tenant: TenantId,
  command: OpenRequest,
): Promise<string | null> {
  const { extends: extended } = command;
  if (extended === null) return command.incident;
  return store.read(tenant, async (tx) => {
    const chain = await tx.chainOf(extended);
    const entries = chain === null ? [] : await tx.entriesOf(chain.id);
    const opened = entries.find((one) => one.bypass === extended && one.type === 'request.opened');
    return opened?.openings['incident'] ?? null;
  });
}

/** The card of an extension goes where the card of the bypass it extends stands. */
async function channelOfExtended(
  tx: { bypass(id: BypassId): Promise<{ team: string | null; channel: string | null } | null> },
  command: OpenRequest,
) {
  if (command.extends === null) return null;
  const row = await tx.bypass(command.extends);
  if (row === null || row.team === null || row.channel === null) return null;
  return { team: row.team, channel: row.channel };
}
