import { bypassIn, type Bypass, type Chain, type Closed } from '#domain/bypass/chain';
import type { OpenBypass } from '#domain/decision';
import type { TenantId } from '#domain/ids';
import type { PolicyContent } from '#domain/policy/policy';
import type { TenantReads } from '#application/ports/tenant-store';
import type { Stores } from '../../open-stores.ts';
import { PIPELINES } from '../ci/pipelines.ts';
import type { GateView, OpenBypassView } from '../wire.ts';
import type { Book } from './log-book.ts';

/** Everything that the tenant's rows say of its bypasses, as of one transaction. */
export interface Standing {
  readonly nowMs: number;
  readonly policy: PolicyContent | null;
  readonly chains: readonly Chain[];
  readonly open: readonly (OpenBypass & { readonly activation: string })[];
}

export function readStanding({ store }: Stores, tenant: TenantId, book: Book): Promise<Standing> {
  return store.read(tenant, async (tx) => {
    const current = await tx.currentPolicy();
    const gates = Object.keys(current?.content.gates ?? {});
    const open = await each(gates, (gate) => tx.openBypasses(gate));
    const chains = await chainsIn(tx, book);
    return { nowMs: await tx.now(), policy: current?.content ?? null, chains, open: open.flat() };
  });
}

async function chainsIn(tx: TenantReads, { entries }: Book): Promise<readonly Chain[]> {
  const first = entries.flatMap(({ event }) =>
    event.type === 'request.opened' && event.extends === null ? [event.bypass] : [],
  );
  return (await each(first, (bypass) => tx.chainOf(bypass))).filter((one) => one !== null);
}

/** One after the other: they share a transaction. */
async function each<T, U>(all: readonly T[], work: (one: T) => Promise<U>): Promise<readonly U[]> {
  const done: U[] = [];
  for (const one of all) done.push(await work(one));
  return done;
}

type Place = Pick<GateView, 'gate' | 'service' | 'environment'>;

/** Each gate where the demo's CI meets it, and wherever else one was asked for. */
export function gatesView(standing: Standing, book: Book): readonly GateView[] {
  const asked = standing.chains.flatMap(({ bypasses }) => bypasses.map(placeOf));
  const places = new Map<string, Place>(
    [...PIPELINES, ...asked].map(({ gate, service, environment }) => [
      `${gate} ${service} ${environment}`,
      { gate, service, environment },
    ]),
  );
  return [...places.values()].map((place) => gateView(place, standing, book));
}

const placeOf = ({ request: { gate, scope } }: Bypass): Place => ({
  gate,
  service: scope.service,
  environment: scope.environment,
});

function gateView(place: Place, standing: Standing, book: Book): GateView {
  const here = standing.chains.flatMap((chain) => chain.bypasses.filter((one) => isAt(one, place)));
  const live = standing.open.filter(
    ({ gate, scope, expiresAt }) =>
      gate === place.gate &&
      scope.service === place.service &&
      scope.environment === place.environment &&
      standing.nowMs < expiresAt,
  );
  const bypasses = live.map((one) => openView(one, standing, book));
  return {
    ...place,
    description: standing.policy?.gates[place.gate]?.description ?? '',
    // A drill opens nothing.
    mode: bypasses.some((one) => !one.drill) ? 'bypass' : 'enforce',
    bypasses,
    waiting: here.filter((one) => one.phase === 'waiting').length,
    ended: endedView(here),
  };
}

const isAt = (one: Bypass, place: Place): boolean => {
  const { gate, service, environment } = placeOf(one);
  return gate === place.gate && service === place.service && environment === place.environment;
};

function openView(
  { id, scope, drill, expiresAt, activation }: Standing['open'][number],
  { chains }: Standing,
  { entries }: Book,
): OpenBypassView {
  const state = chains.flatMap((chain) => bypassIn(chain, id) ?? [])[0];
  return {
    id,
    branch: scope.branch,
    artifact: scope.artifact,
    drill,
    activatedAt: state?.phase === 'active' ? state.grant.activatedAt : 0,
    expiresAt,
    entry: activation,
    index: entries.find((one) => one.digest === activation)?.index ?? null,
  };
}

function endedView(here: readonly Bypass[]): GateView['ended'] {
  const closed = here.filter((one): one is Closed => one.phase === 'closed');
  const last = closed.toSorted((a, b) => b.endedAt - a.endedAt)[0];
  return last === undefined ? null : { how: last.how, atMs: last.endedAt, enforces: last.enforces };
}
