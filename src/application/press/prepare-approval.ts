import type { Approve } from '#domain/bypass/command';
import type { ApprovalGiven } from '#domain/bypass/event';
import { vouchingIn } from '#domain/bypass/vouched';
import type { TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import { refuse } from '#domain/refusal';
import { SIGN_IN_MAX_MS } from '#domain/sign-in';
import type { Composed } from '#ledger/statement';
import { loadCard } from '../card/load-card.ts';
import type { Ports } from '../ports/ports.ts';
import type { SignInSetting } from '../ports/sign-in.ts';
import { linkHash, newSecretText, SEALED_FOR } from '../sign-in/secret-text.ts';
import { endRefused, type PressAtWork } from './commit-press.ts';

export interface Judged {
  readonly command: Approve;
  readonly composed: Composed;
  readonly event: ApprovalGiven;
}

/**
 * An approval that lacks only its approver's sign-in is kept with its statement, and they are sent a
 * link to it. The press stays open until the approval is committed; nobody else hears of it.
 */
export async function prepareApproval(
  ports: Ports,
  tenant: TenantId,
  { press, actor }: Pick<PressAtWork, 'press' | 'actor'>,
  { provider }: SignInSetting,
  { command, composed, event }: Judged,
  pendingUntilAt: Instant,
): Promise<void> {
  const expiresAt = Math.min(press.pressedAt + SIGN_IN_MAX_MS, pendingUntilAt);
  const now = await ports.store.read(tenant, (tx) => tx.now());
  // A press that waited this long for its turn leaves no time to sign in.
  if (now >= expiresAt) return endRefused(ports, tenant, press, refuse({ code: 'sign-in-late' }));
  const seal = await ports.seals.of(tenant);
  const id = ports.newId();
  const link = newSecretText(ports.newSalt);
  await ports.store.locked(tenant, async (tx) => {
    // The job may run twice, on two replicas as well: one press is one link.
    if ((await tx.press(press.id))?.outcome !== null || (await tx.hasPrepared(press.id))) return;
    const { bypass, by: person, ttlMs } = command;
    const replaced = await tx.prepare({
      id,
      press: press.id,
      bypass,
      person,
      command: { ...command, stated: { lookUps: event.lookUps, ...vouchingIn(event) } },
      statement: composed.bytes,
      digest: composed.digest,
      enrolment: actor.enrolment,
      expiresAt,
      linkHash: linkHash(link),
      link: seal.seal(SEALED_FOR.link(id), Buffer.from(link, 'utf8')),
    });
    for (const earlier of replaced) await tx.endPress(earlier, 'refused');
    // The page that they decided on leads there by itself.
    if (press.via === 'link') return;
    const card = await loadCard(ports, tx, bypass);
    if (card === null) return;
    const ownKey = provider.ownKeyClient !== null;
    const note = { kind: 'sign-in', card, ttlMs, prepared: id, expiresAt, ownKey } as const;
    await tx.addNote(press.account, press.from, note);
  });
}
