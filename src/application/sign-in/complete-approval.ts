import type { BypassEvent } from '#domain/bypass/event';
import { isRefusal, refuse } from '#domain/refusal';
import type { SignInRecorded } from '#domain/tenant-event';
import { base64 } from '#ledger/digest';
import { loadCard } from '../card/load-card.ts';
import { commitSession } from '../commit/commit-session.ts';
import { SignedStatementStale } from '../commit/signed-statement.ts';
import { enrol } from '../people/enrol.ts';
import {
  ApproversMoved,
  expectUnmoved,
  gatherFacts,
  PolicyMoved,
  situationOf,
} from '../people/gather-facts.ts';
import { standingNow } from '../people/standing-now.ts';
import type { Ports } from '../ports/ports.ts';
import type { Completed, HandedIn } from '../ports/sign-in.ts';
import { refuseSignIn, type SignInRefusal } from '../ports/sign-in-refusal.ts';
import type { BindingRow } from '../ports/sign-in-store.ts';
import type { TenantWrites } from '../ports/tenant-store.ts';
import { findPrepared, openPrepared, type Found } from './find-prepared.ts';
import { refusedBundle, refusedKeys } from './judge-handed-in.ts';
import { noteSignIn } from './note-sign-in.ts';
import { modeOf, refusedAccount, refusedToken } from './judge-sign-in.ts';
import { refusePrepared, refusePreparedIn } from './refuse-prepared.ts';
import { SEALED_FOR } from './secret-text.ts';

/** Others who approve at the same moment have people looked up anew, this often at most. */
const MOST_ROUNDS = 3;

type Outcome = Completed | SignInRefusal;

/**
 * Commits a prepared approval with the bundle that its approver's sign-in was good for: first all
 * that needs no lock, then judged once more, everybody by look-ups of now, and recorded with the
 * sign-in behind it.
 *
 * @throws LookUpFailed and database errors: nothing changed.
 */
export async function completeApproval(
  ports: Ports,
  link: string,
  handedIn: HandedIn,
): Promise<Outcome> {
  const found = await findPrepared(ports, link);
  if ('refused' in found) return found;
  const { row, setting } = found;
  const wrong = refusedToken(handedIn.signIn, row, setting.provider);
  if (wrong !== null) return wrong;
  const binding = await ports.store.read(found.tenant, (tx) => tx.bindingOf(row.person));
  // The account comes last: where it is not bound yet, it is bound because all else is right.
  const refusal =
    refusedBundle(found, handedIn) ??
    (await refusedKeys(ports, found, handedIn)) ??
    refusedAccount(handedIn.signIn, binding);
  if (refusal !== null) return refusal;
  if (binding !== null) await noteSignIn(ports, found.tenant, binding, handedIn.signIn);
  for (let round = 1; ; round += 1) {
    try {
      return await completeOnce(ports, found, handedIn);
    } catch (error) {
      if (error instanceof SignedStatementStale)
        return refusePrepared(ports, found, refuse({ code: 'statement-moved' }));
      const moved = error instanceof PolicyMoved || error instanceof ApproversMoved;
      if (!moved || round === MOST_ROUNDS) throw error;
    }
  }
}

async function completeOnce(ports: Ports, found: Found, handedIn: HandedIn): Promise<Outcome> {
  const { tenant, row } = found;
  const situation = await situationOf(ports, tenant, row.bypass);
  const press = await ports.store.read(tenant, (tx) => tx.press(row.press));
  if (situation === null || press === null) return refuseSignIn({ code: 'link-unknown' });
  const { directory } = situation.current;
  const actor = await enrol(ports, tenant, directory, press.account, standingNow(ports, tenant));
  if (typeof actor === 'string')
    return refusePrepared(ports, found, refuse({ code: 'cannot-act', standing: actor }));
  const facts = await gatherFacts(ports, tenant, situation, actor);
  const seal = await ports.seals.of(tenant);
  return ports.store.locked(tenant, async (tx) => {
    const open = await openPrepared(tx, row.id);
    if ('refused' in open) return open;
    const binding = await tx.bindingOf(row.person);
    const refusal = refusedAccount(handedIn.signIn, binding);
    if (refusal !== null || binding === null) return refusal ?? refuseSignIn({ code: 'not-bound' });
    await expectUnmoved(tx, situation);
    const session = commitSession(tenant, tx, ports.keys, ports.newSalt);
    const events = await session.run(row.command, facts, {
      presigned: { digest: row.digest, envelope: handedIn.bundle },
      alsoRestsOn: [row.enrolment],
    });
    if (isRefusal(events)) return refusePreparedIn(ports, tx, found, press, events);
    session.record(await signInRecorded(tx, found, handedIn), {
      followsFrom: restsOn(found, binding, handedIn),
      seal: (value) => base64(seal.seal(SEALED_FOR.idToken, Buffer.from(value, 'utf8'))),
    });
    await session.finish();
    await tx.endPrepared(row.id, 'used');
    await tx.endPress(press.id, 'done');
    return completed(ports, tx, found, events);
  });
}

async function signInRecorded(
  tx: Pick<TenantWrites, 'now'>,
  { row, setting }: Found,
  { idToken, signIn, keys }: HandedIn,
): Promise<SignInRecorded> {
  return {
    type: 'sign-in.recorded',
    at: await tx.now(),
    actor: { kind: 'person', person: row.person },
    entry: row.digest,
    person: row.person,
    mode: modeOf(signIn, setting.provider) ?? 'sso',
    issuer: signIn.issuer,
    client: signIn.client,
    keys,
    detached: { idToken },
  };
}

const restsOn = ({ row }: Found, { entry }: BindingRow, { keys }: HandedIn) => [
  row.digest,
  entry,
  keys,
];

async function completed(
  ports: Ports,
  tx: TenantWrites,
  { row }: Found,
  events: readonly BypassEvent[],
): Promise<Outcome> {
  const card = await loadCard(ports, tx, row.bypass);
  if (card === null) return refuseSignIn({ code: 'link-unknown' });
  const activated = events.some((one) => one.type === 'bypass.activated');
  return { completed: true, activated, card };
}
