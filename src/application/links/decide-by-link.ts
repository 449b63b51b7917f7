import type { PersonId } from '#domain/ids';
import { refuse, type Refusal } from '#domain/refusal';
import { loadCard } from '../card/load-card.ts';
import { gatherFacts, situationOf } from '../people/gather-facts.ts';
import { standingNow } from '../people/standing-now.ts';
import type { Account } from '../ports/account.ts';
import {
  refuseLink,
  type DecideLinks,
  type LinkChoice,
  type LinkRefusal,
  type Whereabouts,
} from '../ports/decide-links.ts';
import { LookUpFailed } from '../ports/directory.ts';
import type { PressAction } from '../ports/press.ts';
import { refusedNow } from '../press/refused-now.ts';
import { preparedLink } from '../sign-in/link-address.ts';
import type { DecidePorts } from './decide-ports.ts';
import { findAttempt, type FoundAttempt } from './find-link.ts';
import { pressKeyOf } from './link-secrets.ts';
import { linkTo } from './page-links.ts';

type Decide = Pick<DecideLinks, 'where' | 'choose'>;

/** From a person who signed in to a press, judged as any other, and to what came of it. */
export const decideByLink = (ports: DecidePorts): Decide => ({
  where: (handle, isOwner) => where(ports, handle, isOwner),
  choose: (handle, isOwner, choice) => choose(ports, handle, isOwner, choice),
});

interface Identified extends FoundAttempt {
  readonly person: PersonId;
  readonly link: string;
}

async function identified(
  ports: DecidePorts,
  handle: string,
  isOwner: (browser: string) => boolean,
): Promise<Identified | LinkRefusal> {
  const found = await findAttempt(ports, handle, isOwner);
  if ('refused' in found) return found;
  const { tenant, row } = found;
  const link = await linkTo(ports, tenant, row.bypass);
  if (row.person === null || link === null) return refuseLink({ code: 'attempt-over' });
  return { ...found, person: row.person, link };
}

async function where(
  ports: DecidePorts,
  handle: string,
  isOwner: (browser: string) => boolean,
): Promise<Whereabouts | LinkRefusal> {
  const found = await identified(ports, handle, isOwner);
  if ('refused' in found) return found;
  const { tenant, row, link } = found;
  const pressed = await ports.pageLinkStore.pressed(tenant, pressKeyOf(row.id));
  if (pressed === null) return deciding(ports, found);
  if (pressed.outcome === 'refused')
    return refuseLink({ code: 'not-decided', refusal: row.refusal, link });
  if (pressed.outcome === 'done') {
    const card = await ports.store.read(tenant, (tx) => loadCard(ports, tx, row.bypass));
    return card === null ? refuseLink({ code: 'attempt-over' }) : { at: 'done', card };
  }
  if (pressed.prepared === null) return { at: 'judging' };
  const on = await preparedLink(ports, tenant, pressed.prepared);
  return on === null ? refuseLink({ code: 'too-late', link }) : { at: 'signing', link: on };
}

/** Everything is shown to those alone whose decision would count. */
async function deciding(ports: DecidePorts, found: Identified): Promise<Whereabouts | LinkRefusal> {
  const { tenant, row, link, person } = found;
  const now = await ports.store.read(tenant, (tx) => tx.now());
  if (now >= row.expiresAt) return refuseLink({ code: 'too-late', link });
  const account = await accountOf(ports, found);
  const refusal = await refusedOf(ports, found, account);
  if (refusal !== null) return refuseLink({ code: 'not-decided', refusal, link });
  return ports.store.read(tenant, async (tx) => {
    const card = await loadCard(ports, tx, row.bypass);
    const [known] = await tx.people([person]);
    return card === null
      ? refuseLink({ code: 'attempt-over' })
      : { at: 'deciding', card, name: known?.name ?? '', link };
  });
}

async function choose(
  ports: DecidePorts,
  handle: string,
  isOwner: (browser: string) => boolean,
  choice: LinkChoice,
): Promise<{ readonly stored: true } | LinkRefusal> {
  const found = await identified(ports, handle, isOwner);
  if ('refused' in found) return found;
  const { tenant, row, link } = found;
  const now = await ports.store.read(tenant, (tx) => tx.now());
  if (now >= row.expiresAt) return refuseLink({ code: 'too-late', link });
  const account = await accountOf(ports, found);
  if (account === null) return refuseLink({ code: 'not-bound' });
  const action: PressAction = { ...choice, bypass: row.bypass };
  const key = pressKeyOf(row.id);
  await ports.presses.store({ tenant, key, account, action, from: null, via: 'link' });
  return { stored: true };
}

/** The account by which the person acts in Slack: the same by which they would have pressed there. */
async function accountOf(
  { store }: Pick<DecidePorts, 'store'>,
  { tenant, person }: Identified,
): Promise<Account | null> {
  const [row] = await store.read(tenant, (tx) => tx.people([person]));
  return row?.account ?? null;
}

/** As the press would be judged now; `null` where it would count. */
async function refusedOf(
  ports: DecidePorts,
  { tenant, row, person }: Identified,
  account: Account | null,
): Promise<Refusal | null> {
  const situation = await situationOf(ports, tenant, row.bypass);
  if (situation === null || account === null) return refuse({ code: 'unknown-bypass' });
  try {
    const { profile, signedInAt } = await standingNow(ports, tenant)(account);
    const actor = { person, standing: profile.standing, signedInAt };
    const facts = await gatherFacts(ports, tenant, situation, actor);
    return await ports.store.read(tenant, (tx) => refusedNow(tx, row.bypass, person, facts));
  } catch (error) {
    if (!(error instanceof LookUpFailed)) throw error;
    return refuse({ code: 'look-up-failed', groups: [] });
  }
}
