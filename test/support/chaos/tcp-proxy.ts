import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What stands between somebody and whatever they are connected to. */
export type Weather =
  | 'fair'
  /** Every piece of every stream arrives later than it was sent. */
  | 'delayed'
  /** Connections are reset, those that stand and those that come. */
  | 'cut'
  /** Connections stand or come about, and nothing arrives at either end. */
  | 'black-holed';

/** A TCP service behind somebody who can break the way to it. */
export interface TcpProxy {
  /** The target's address with this port in place of its own. */
  readonly url: string;
  set(weather: Weather): void;
  /** The ports from which the target is spoken to now. */
  ports(): readonly number[];
  /** The weather now, and the number of the change that brought it. */
  since(): { readonly weather: Weather; readonly change: number };
  /** How many connections and pieces of streams a weather has met so far. */
  struck(weather: Weather): number;
  close(): Promise<void>;
}

const DELAY_MS = 250;

/** Stands before the service at `target`, a URL whose host is an address on loopback with a port. */
export async function tcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const counts: Record<Weather, number> = { fair: 0, delayed: 0, cut: 0, 'black-holed': 0 };
  const sockets = new Set<Socket>();
  const onward = new Set<Socket>();
  const held: (() => void)[] = [];
  let weather: Weather = 'fair';
  let change = 0;

  const carry = (from: Socket, to: Socket): void => {
    // What comes behind something that waits waits too: a stream keeps its order.
    let before: Promise<void> = Promise.resolve();
    const pass = (deliver: () => void): void => {
      counts[weather] += 1;
      const until = arrives();
      before = before.then(() => until).then(() => (to.destroyed ? undefined : deliver()));
    };
    from.on('data', (piece: Buffer) => pass(() => to.write(piece)));
    from.on('end', () => pass(() => to.end()));
    from.on('error', () => to.destroy());
    from.on('close', () => sockets.delete(from));
  };
  const arrives = (): Promise<void> => {
    if (weather === 'delayed') return new Promise((resolve) => setTimeout(resolve, DELAY_MS));
    if (weather === 'black-holed') return new Promise((resolve) => held.push(resolve));
    return Promise.resolve();
  };
  const server = createServer((near) => {
    if (weather === 'cut') {
      counts.cut += 1;
      near.on('error', () => undefined);
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(port), hostname);
    onward.add(far);
    far.on('close', () => onward.delete(far));
    sockets.add(near).add(far);
    carry(near, far);
    carry(far, near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    set(next) {
      weather = next;
      change += 1;
      if (next === 'cut')
        for (const socket of sockets) {
          counts.cut += 1;
          socket.resetAndDestroy();
        }
      if (next !== 'black-holed') for (const release of held.splice(0)) release();
    },
    since: () => ({ weather, change }),
    ports: () => [...onward].flatMap(({ localPort }) => localPort ?? []),
    struck: (asked) => counts[asked],
    async close() {
      for (const release of held.splice(0)) release();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
