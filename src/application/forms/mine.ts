import type { TenantId } from '#domain/ids';
import { directoryOf } from '../card/load-card.ts';
import { askedToday } from '../commit/context-for.ts';
import { knownPerson } from '../people/known-person.ts';
import type { Account } from '../ports/account.ts';
import type { BypassLine, Found, LineRow, Listed, Meant, Mine, MineReader } from '../ports/mine.ts';
import type { Ports } from '../ports/ports.ts';
import type { PolicyVersion } from '../ports/policy-version.ts';
import type { TenantReads } from '../ports/tenant-store.ts';
import { policyShown } from './policy-shown.ts';

/** Lines that a list shows; more are counted. */
const SHOWN = 10;

type MinePorts = Pick<Ports, 'store' | 'directory' | 'people'>;
type Known = NonNullable<Awaited<ReturnType<typeof knownPerson>>>;

/** What concerns a person. Whoever is no member is told so, and nothing of the tenant. */
export function mineReader(ports: MinePorts): MineReader {
  const asMember = async <T>(
    tenant: TenantId,
    account: Account,
    read: (tx: TenantReads, person: Known['person'], policy: PolicyVersion) => Promise<T>,
  ): Promise<T | Extract<Mine, { kind: 'outsider' }>> => {
    const current = await ports.store.read(tenant, (tx) => tx.currentPolicy());
    const known = current && (await knownPerson(ports, tenant, current.directory, account));
    if (current === null || known === null) return { kind: 'outsider', standing: 'foreign' };
    const { person, standing } = known;
    if (standing !== 'member') return { kind: 'outsider', standing };
    return ports.store.read(tenant, (tx) => read(tx, person, current));
  };
  return {
    mine: (tenant, account) => asMember(tenant, account, mineOf),
    find: (tenant, account, meant) =>
      asMember(tenant, account, (tx, person) => find(tx, person, meant)),
    policy: (tenant, account) =>
      asMember(tenant, account, (tx, _person, policy) => policyShown(tx, policy)),
  };
}

async function mineOf(
  tx: TenantReads,
  person: Known['person'],
  policy: PolicyVersion,
): Promise<Mine> {
  const { waitingLimit, dayLimit = Number.POSITIVE_INFINITY } = policy.content;
  const now = await tx.now();
  const active = await tx.lines('active');
  const waiting = await tx.lines('waiting');
  const waitsForMe = await tx.waitingFor(person);
  const owed = await tx.owedBy(person);
  const own = await tx.waitingOf(person, false);
  const today = await askedToday(tx, policy, { by: person, drill: false }, now);
  return {
    kind: 'member',
    now,
    active: await named(tx, active, person),
    waiting: await named(tx, waiting, person),
    waitsForMe: await named(tx, waitsForMe, person),
    owed: { shown: owed.slice(0, SHOWN), total: owed.length },
    mayAsk: Math.max(0, Math.min(waitingLimit - own, dayLimit - today)),
  };
}

async function find(tx: TenantReads, person: Known['person'], meant: Meant): Promise<Found> {
  if (meant.reference !== null) {
    const bypass = await tx.bypassAt(meant.reference);
    return bypass === null ? { kind: 'none' } : { kind: 'one', bypass };
  }
  const fitting = (await phasesOf(meant, tx)).filter((line) => fits(line, meant));
  // Only who looks may mean what others asked for, and only if they say which.
  const own = fitting.filter((line) => line.requester === person);
  const lines = meant.act === 'status' && isNamed(meant) ? fitting : own;
  const [only] = lines;
  if (only === undefined) return { kind: 'none' };
  if (lines.length === 1) return { kind: 'one', bypass: only.bypass };
  return { kind: 'several', lines: await named(tx, lines, person), now: await tx.now() };
}

async function phasesOf({ act }: Meant, tx: TenantReads): Promise<readonly LineRow[]> {
  const active = act === 'withdraw' ? [] : await tx.lines('active');
  const waiting = act === 'withdraw' || act === 'status' ? await tx.lines('waiting') : [];
  return [...active, ...waiting];
}

const isNamed = ({ gate, service, environment }: Meant): boolean =>
  gate !== null || service !== null || environment !== null;

const fits = ({ gate, scope }: LineRow, meant: Meant): boolean =>
  (meant.gate ?? gate) === gate &&
  (meant.service ?? scope.service) === scope.service &&
  (meant.environment ?? scope.environment) === scope.environment;

async function named(
  tx: TenantReads,
  rows: readonly LineRow[],
  person: Known['person'],
): Promise<Listed<BypassLine>> {
  const shown = rows.slice(0, SHOWN);
  const people = directoryOf(await tx.people([...new Set(shown.map((row) => row.requester))]));
  const lines = shown.map((row) => ({
    ...row,
    requester: people(row.requester),
    own: row.requester === person,
  }));
  return { shown: lines, total: rows.length };
}
