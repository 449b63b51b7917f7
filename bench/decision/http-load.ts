import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What came back: for each answer of the kind that was expected how long it took, in ms. */
export interface Load {
  readonly tookMs: readonly number[];
  /** Answers of another kind or status. */
  readonly others: number;
}

/** A request as bytes (RFC 9112), made anew for each question. */
export type NextRequest = () => Buffer;

/** One connection that is kept; it asks one question at a time. */
class Asking {
  readonly #socket: Socket;
  #parts = '';
  #answered: ((body: string) => void) | null = null;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text) => this.#take(String(text)));
  }

  static async to({ hostname, port }: URL): Promise<Asking> {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    await once(socket, 'connect');
    return new Asking(socket);
  }

  /** Gives head and body of the answer. */
  ask(request: Buffer): Promise<string> {
    this.#socket.write(request);
    return new Promise((resolve) => (this.#answered = resolve));
  }

  end(): void {
    this.#socket.destroy();
  }

  #take(text: string): void {
    this.#parts += text;
    const head = this.#parts.indexOf('\r\n\r\n');
    if (head === -1 || !isWhole(this.#parts, head)) return;
    const answer = this.#parts;
    this.#parts = '';
    this.#answered?.(answer);
  }
}

const LENGTH = /\r\ncontent-length: *(\d+)/i;

function isWhole(text: string, head: number): boolean {
  const length = LENGTH.exec(text)?.[1];
  if (length === undefined) return text.endsWith('0\r\n\r\n');
  return text.length >= head + 4 + Number(length);
}

/** Each of so many connections asks again as soon as it was answered. */
export async function closedLoop(
  url: URL,
  connections: number,
  seconds: number,
  next: NextRequest,
  isExpected: (answer: string) => boolean,
): Promise<Load> {
  const all = await Promise.all(Array.from({ length: connections }, () => Asking.to(url)));
  const tookMs: number[] = [];
  let others = 0;
  const until = performance.now() + seconds * 1_000;
  await Promise.all(
    all.map(async (one) => {
      for (let from = performance.now(); from < until;) {
        const isOne = isExpected(await one.ask(next()));
        const now = performance.now();
        if (isOne) tookMs.push(now - from);
        else others += 1;
        from = now;
      }
      one.end();
    }),
  );
  return { tookMs, others };
}

/**
 * Questions arrive at a fixed rate, whatever becomes of those before: the time of each runs from the
 * moment that it was to be sent, so one that waits for a connection waits in full.
 */
export async function openLoop(
  url: URL,
  connections: number,
  seconds: number,
  perSecond: number,
  next: NextRequest,
  isExpected: (answer: string) => boolean,
): Promise<Load> {
  const free = await Promise.all(Array.from({ length: connections }, () => Asking.to(url)));
  const all = [...free];
  const waiting: number[] = [];
  const tookMs: number[] = [];
  let others = 0;
  const count = seconds * perSecond;
  const done = Promise.withResolvers<void>();
  const send = async (one: Asking, dueAt: number): Promise<void> => {
    const answer = await one.ask(next());
    if (isExpected(answer)) tookMs.push(performance.now() - dueAt);
    else others += 1;
    const waited = waiting.shift();
    if (waited === undefined) free.push(one);
    else void send(one, waited);
    if (tookMs.length + others === count) done.resolve();
  };
  const begun = performance.now() + 10;
  let sent = 0;
  const timer = setInterval(() => {
    for (; sent < count; sent += 1) {
      const dueAt = begun + (sent * 1_000) / perSecond;
      if (performance.now() < dueAt) return;
      const one = free.pop();
      if (one === undefined) waiting.push(dueAt);
      else void send(one, dueAt);
    }
    clearInterval(timer);
  }, 1);
  await done.promise;
  for (const one of all) one.end();
  return { tookMs, others };
}
