import type { TenantId } from '#domain/ids';
import type { Gate } from '#domain/policy/policy';
import type { AlarmStore } from '../ports/alarm.ts';
import {
  isPush,
  type AdapterOf,
  type PushAdapter,
  type WantedException,
} from '../ports/gate-adapter.ts';
import type { GatePushes } from '../ports/gate-pushes.ts';
import type { Ports } from '../ports/ports.ts';
import { gateOf } from './gate-of.ts';
import { wantedExceptions } from './wanted-exceptions.ts';

export interface GatePorts extends Pick<Ports, 'store'> {
  readonly alarms: AlarmStore;
  readonly pushes: GatePushes;
  readonly adapterOf: AdapterOf;
  /** Told what kept a gate from being brought to what is wanted. */
  readonly onNotPushed?: (gate: string, error: unknown) => void;
}

/** A gate could not be brought to what is wanted; `code` is what its adapter says. */
class GateNotReached extends Error {
  override name = 'GateNotReached';
  readonly code: string;
  constructor(code: string, options?: ErrorOptions) {
    super(`the gate was not brought to what is wanted: ${code}`, options);
    this.code = code;
  }
}

/** Others change what is wanted now and then; nobody does so ten times in a row. */
const MOST_LOOKS = 10;

/**
 * Brings a gate to what holds now, as often as it is called and in whatever order: what is wanted is
 * read, not passed on. A gate that asks has nothing pushed, and may have something that waits.
 *
 * @throws what the adapter of a gate that asks throws. One that is pushed to raises an alarm instead,
 *   and is tried again with the next look at all of them.
 */
export async function settleGate(ports: GatePorts, tenant: TenantId, gate: string): Promise<void> {
  try {
    await reconcileGate(ports, tenant, gate);
  } catch (error) {
    if (!(error instanceof GateNotReached)) throw error;
    ports.onNotPushed?.(gate, error.cause ?? error);
    await ports.alarms.raise(tenant, {
      key: notPushedKey(gate),
      code: 'gate-not-pushed',
      about: { gate, why: error.code },
    });
    return;
  }
  await ports.alarms.clear(tenant, notPushedKey(gate));
  const known = await gateNow(ports, tenant, gate);
  if (known !== null) await ports.adapterOf(known.kind)?.settle?.(tenant, gate);
}

/** Keys of alarms begin so, and end with the gate. */
export const NOT_PUSHED = 'gate not pushed/';
const notPushedKey = (gate: string): string => `${NOT_PUSHED}${gate}`;

/**
 * The same for what is pushed alone. Two at once end at what is wanted: each looks again after it has
 * written, so whoever writes last has seen what holds by then.
 *
 * @throws GateNotReached
 */
export async function reconcileGate(
  ports: GatePorts,
  tenant: TenantId,
  gate: string,
): Promise<void> {
  const now = await gateNow(ports, tenant, gate);
  const known = (await ports.pushes.of(tenant)).filter((one) => one.gate === gate);
  for (const one of known.filter((push) => push.kind !== now?.kind)) {
    const adapter = ports.adapterOf(one.kind);
    if (!isPush(adapter)) throw new GateNotReached('no-adapter');
    await reached(() => adapter.reconcile(tenant, gate, []));
    await ports.pushes.forget(tenant, gate, one.kind);
  }
  if (now === null) return;
  const adapter = ports.adapterOf(now.kind);
  if (isPush(adapter)) await bringTo(ports, tenant, gate, adapter, now);
  // Something may stand there still, and nobody is left who could look or take it away.
  else if (known.some(({ kind }) => kind === now.kind)) throw new GateNotReached('no-adapter');
}

async function bringTo(
  ports: GatePorts,
  tenant: TenantId,
  name: string,
  adapter: PushAdapter,
  gate: Gate,
): Promise<void> {
  const { kind } = gate;
  const refusal = refusalOf(adapter, gate);
  await ports.pushes.begin(tenant, name, kind);
  let wanted = await wantedExceptions(ports, tenant, name);
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const pushed = refusal === null ? wanted : [];
    const stands = await reached(() => adapter.reconcile(tenant, name, pushed));
    await ports.pushes.settled(tenant, { gate: name, kind, stands });
    if (refusal !== null && wanted.length > 0) throw new GateNotReached(refusal);
    const now = await wantedExceptions(ports, tenant, name);
    if (isSame(now, wanted)) return;
    wanted = now;
  }
  throw new GateNotReached('changes-too-fast');
}

/** Why nothing may be pushed there; `null` where it may. What stands is removed all the same. */
function refusalOf(
  { capabilities: { watch, ttl } }: PushAdapter,
  { settings = {}, verifiedFacts }: Gate,
): string | null {
  if (!watch) return 'not-watched';
  // Nobody proves to an exception what is deployed.
  if (verifiedFacts) return 'facts-not-verified';
  return ttl === 'delete-only' && settings['allow_delete_only'] !== 'true' ? 'delete-only' : null;
}

/** Both are in the order of their ids. */
const isSame = (a: readonly WantedException[], b: readonly WantedException[]): boolean =>
  a.length === b.length &&
  a.every((one, at) => one.bypass === b[at]?.bypass && one.expiresAt === b[at].expiresAt);

async function gateNow(
  { store }: Pick<GatePorts, 'store'>,
  tenant: TenantId,
  gate: string,
): Promise<Gate | null> {
  return gateOf(await store.read(tenant, (tx) => tx.currentPolicy()), gate);
}

/** Once more at once: an exception must not wait a minute for one lost connection. */
async function reached<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act().catch(act);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'failed';
    throw new GateNotReached(code, { cause });
  }
}
