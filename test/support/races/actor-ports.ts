import { DEFAULT_EVERY_MS } from '#application/checkpoints/want-checkpoints';
import { HOUR_MS } from '#domain/instant';
import type { Ports } from '#application/ports/ports';
import { PublishFailed, type Publisher } from '#application/ports/surface';
import type { Replica } from '#test/support/application/replica';
import type { WorkerPorts } from '#runtime/workers';
import type { Moment } from './history.ts';
import { Killed, type Actor } from './interleaving.ts';
import type { Observer } from './observer.ts';

type Every = Ports & Replica['stores'];

/**
 * The ports of a replica as one actor uses them: it stops before and within each commit, before it
 * signs, and before and after each message; and once it is killed every port fails.
 */
export function actorPorts(
  actor: Actor,
  { ports }: Pick<Replica, 'ports'>,
  observer: Observer,
  committed: (tenant: string) => Promise<void>,
): Every & WorkerPorts {
  const { store } = ports;
  const mine = mortal(actor, ports);
  let limited: Moment | null = null;
  const send = async <T>(what: string, work: (to: Publisher) => Promise<T>): Promise<T> => {
    const begun = observer.moment;
    return around(actor, what, () =>
      work(observer.publisher(begun)).catch((error: unknown) => {
        const isLimit = error instanceof PublishFailed && error.retryAfterMs !== null;
        limited = isLimit ? (observer.observed.at(-1)?.moment ?? null) : null;
        throw error;
      }),
    );
  };
  const known = (tenant: string): void => {
    if (limited !== null) observer.see({ kind: 'limited', tenant, message: limited });
  };
  return {
    ...mine,
    store: {
      read: (tenant, work) => refusedIfDead(actor, () => store.read(tenant, work)),
      async locked(tenant, work) {
        await actor.reach('before the lock');
        const result = await store.locked(tenant, async (tx) => {
          await actor.reach('under the lock');
          const done = await work(tx);
          await actor.reach('before COMMIT');
          return done;
        });
        await committed(tenant);
        await actor.reach('after COMMIT');
        return result;
      },
    },
    attester: {
      async attest(...asked) {
        await actor.reach('before signing');
        const answer = await ports.attester.attest(...asked);
        await actor.reach('after signing');
        return answer;
      },
      async attestPatiently(...asked) {
        const answer = await ports.attester.attestPatiently(...asked);
        await actor.reach('after signing late');
        return answer;
      },
    },
    oauth: null,
    publisher: {
      publish: (...given) => send('a card', (publisher) => publisher.publish(...given)),
      retract: (...given) => send('a retraction', (publisher) => publisher.retract(...given)),
      tell: (...given) => send('a note', (publisher) => publisher.tell(...given)),
      say: (...given) => send('a thread', (publisher) => publisher.say(...given)),
    },
    surfaces: {
      ...mine.surfaces,
      async failed(tenant, claim, failure) {
        await mine.surfaces.failed(tenant, claim, failure);
        if (failure.limit !== null) known(tenant);
      },
      async noteLimited(tenant, ...given) {
        await mine.surfaces.noteLimited(tenant, ...given);
        known(tenant);
      },
    },
    threads: {
      ...mine.threads,
      async threadLimited(tenant, ...given) {
        await mine.threads.threadLimited(tenant, ...given);
        known(tenant);
      },
    },
    // No person of a history opens their Home.
    homePublisher: {
      publishHome: () => Promise.reject(new RangeError('nobody looks at a Home')),
    },
    mine: { mine: () => Promise.reject(new RangeError('nobody looks at a Home')) },
    // What is said of the log as a whole is no card: nothing that a history shows depends on it.
    outbound: {
      announcer: { announce: () => around(actor, 'an announcement', async () => undefined) },
      mailer: null,
      witnesses: [],
      everyMs: DEFAULT_EVERY_MS,
      onAlarm: () => undefined,
    },
    pagers: {
      of: async () => ({
        webhook: { page: (page) => around(actor, 'a page', () => observer.pager.page(page)) },
      }),
    },
    pageLinks: { linkFor: async () => null },
    // No tenant of a history has a webhook.
    eventSender: {
      send: () => Promise.reject(new RangeError('there is no webhook to send to')),
    },
    // No deploy of a history names provenance.
    provenance: {
      fetch: () => Promise.reject(new RangeError('there is no provenance to fetch')),
    },
    // Nor does its policy keep reviews elsewhere.
    issueTracker: null,
    adapterOf: () => observer.gate,
    gateDelivery: () => Promise.reject(new RangeError('no gate sends deliveries')),
    provisionalAlarmMs: HOUR_MS,
  };
}

async function around<T>(actor: Actor, what: string, send: () => Promise<T>): Promise<T> {
  await actor.reach(`before ${what}`);
  const sent = await send();
  await actor.reach(`after ${what}`);
  return sent;
}

async function refusedIfDead<T>(actor: Actor, work: () => Promise<T>): Promise<T> {
  if (actor.isDead()) throw new Killed(actor.name);
  return work();
}

/** The same ports, whose every method fails once the actor is dead. */
function mortal(actor: Actor, ports: Every): Every {
  return new Proxy(ports, {
    get(target, name, receiver) {
      const port: unknown = Reflect.get(target, name, receiver);
      return typeof port === 'object' && port !== null ? mortalPort(actor, port) : port;
    },
  });
}

function mortalPort<Port extends object>(actor: Actor, port: Port): Port {
  return new Proxy(port, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name, target);
      if (typeof method !== 'function') return method;
      return (...given: readonly unknown[]): unknown => {
        if (actor.isDead()) throw new Killed(`${actor.name}: ${String(name)}`);
        return Reflect.apply(method, target, given);
      };
    },
  });
}
