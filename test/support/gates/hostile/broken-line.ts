import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** How a line between a client and the service is broken. */
export type Break =
  | 'none'
  /** Connections are taken, and nothing is ever heard on them. */
  | 'silent'
  /** The question arrives once its client has given up. */
  | 'late'
  /** The first half of each answer arrives, and nothing after it. */
  | 'half'
  /** The first half of each answer arrives, and then the connection ends. */
  | 'cut'
  /** Connections are taken and reset. */
  | 'reset'
  /** What comes back is no HTTP. */
  | 'noise';

export interface BrokenLine extends AsyncDisposable {
  readonly url: string;
  /** Of connections that are made from now on. */
  broken: Break;
  /** Resolves once the next question has been passed on. */
  passedOn(): Promise<void>;
}

/** A line to the service at `target` (an http address without a path), on the level of TCP. */
export async function brokenLine(target: string): Promise<BrokenLine> {
  const { port } = new URL(target);
  const open = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    // A broken line breaks: whoever is at its ends says what came of it.
    return socket.on('error', () => {}).once('close', () => open.delete(socket));
  };
  const waiting: (() => void)[] = [];
  const onward = (): Socket => keep(connect(Number(port), '127.0.0.1'));
  const server = createServer((client) => {
    keep(client);
    BREAKS[line.broken](client, onward);
    client.on('data', (part: Buffer) => {
      // Its keys are asked for side by side.
      if (part.includes('POST ')) for (const tell of waiting.splice(0)) tell();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const line: BrokenLine = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    broken: 'none',
    passedOn: () => new Promise((resolve) => void waiting.push(resolve)),
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
  return line;
}

const BREAKS: Readonly<Record<Break, (client: Socket, onward: () => Socket) => void>> = {
  none(client, onward) {
    const service = onward();
    client.pipe(service).pipe(client);
    client.once('close', () => service.destroy());
    service.once('close', () => client.destroy());
  },
  silent: (client) => void client.resume(),
  late(client, onward) {
    const parts: Buffer[] = [];
    client.on('data', (part: Buffer) => void parts.push(part));
    client.once('close', () => void onward().resume().end(Buffer.concat(parts)));
  },
  half: (client, onward) => halfOf(client, onward(), () => {}),
  cut: (client, onward) => halfOf(client, onward(), () => void client.end()),
  reset: (client) => void client.resetAndDestroy(),
  noise: (client) => void client.resume().write('\u0000\u0001 200 bypass\r\n\r\n'),
};

function halfOf(client: Socket, service: Socket, then: () => void): void {
  client.pipe(service);
  service.once('data', (answer: Buffer) => {
    client.write(answer.subarray(0, answer.length / 2), then);
    service.resume();
  });
}
