import { loadCard } from '../card/load-card.ts';
import type { Ports } from '../ports/ports.ts';
import type { PreparedApproval } from '../ports/sign-in.ts';
import { refuseSignIn, type SignInRefusal } from '../ports/sign-in-refusal.ts';
import type { Found } from './find-prepared.ts';
import { statedAddress } from './stated-address.ts';

/** Everything that a page, or the approver's own machine, shows before anybody signs in. */
export async function viewPrepared(
  ports: Pick<Ports, 'store' | 'evaluation'>,
  { tenant, row, setting }: Found,
): Promise<PreparedApproval | SignInRefusal> {
  return ports.store.read(tenant, async (tx) => {
    const { bypass, statement, digest, expiresAt, command } = row;
    const card = await loadCard(ports, tx, bypass);
    const press = await tx.press(row.press);
    const [person] = await tx.people([row.person]);
    if (card === null || press === null || person === undefined)
      return refuseSignIn({ code: 'link-unknown' });
    const binding = await tx.bindingOf(row.person);
    const mustBeEmail = await statedAddress(tx, press.account);
    // Nobody could complete this: who is yet to bind an account must know which.
    if (binding === null && mustBeEmail === null) return refuseSignIn({ code: 'email-not-stated' });
    return {
      tenant,
      bypass,
      statement,
      digest,
      approver: {
        ...person,
        account: press.account,
        binding,
        mustBeEmail,
      },
      ttlMs: command.ttlMs,
      card,
      pressedAt: command.pressedAt,
      expiresAt,
      provider: setting.provider,
    };
  });
}
