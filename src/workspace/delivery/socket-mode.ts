import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Changes } from '../changes.ts';
import { isJsonObject, parseJson } from '../json.ts';
import type { Envelope, Outcome, Transport } from './delivery.ts';

/** "Socket Mode allows your app to maintain up to 10 open WebSocket connections at the same time." */
const MAX_CONNECTIONS = 10;
const PING_EVERY_MS = 10_000;
const CLOSE_WITHIN_MS = 1000;

/** Why Slack asks a client to reconnect. */
export type DisconnectReason = 'warning' | 'refresh_requested' | 'link_disabled';

export interface SocketModeOptions {
  appId: string;
  ackTimeoutMs: number;
  changes: Changes;
}

/** The server's side of Socket Mode: tickets, `hello`, envelopes and their acknowledgements. */
export class SocketMode implements Transport {
  readonly #options: SocketModeOptions;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #tickets = new Set<string>();
  readonly #waiting = new Map<string, (body: unknown) => void>();
  #sockets: WebSocket[] = [];
  readonly #pings: NodeJS.Timeout;

  constructor(options: SocketModeOptions) {
    this.#options = options;
    // The client closes a socket on which it hears no ping for 30 s.
    this.#pings = setInterval(() => this.#sockets.forEach((s) => s.ping()), PING_EVERY_MS).unref();
  }

  get ackTimeoutMs(): number {
    return this.#options.ackTimeoutMs;
  }

  get connections(): number {
    return this.#sockets.length;
  }

  /** A path that admits one connection. */
  issuePath(): string {
    const ticket = randomUUID();
    this.#tickets.add(ticket);
    return `/link/?ticket=${ticket}&app_id=${this.#options.appId}`;
  }

  /** Takes over an upgrade request with an address that parses; refuses one without a fresh ticket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname !== '/link/' || !this.#tickets.delete(url.searchParams.get('ticket') ?? '')) {
      socket.once('finish', () => socket.destroy());
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (ws) => this.#admit(ws));
  }

  /** Sends to one of the connections in turn, and waits for the acknowledgement. */
  send(envelope: Envelope): Promise<Outcome> {
    const socket = this.#next();
    if (!socket) return Promise.resolve({ acked: false, reason: 'dispatch_failed' });
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const timer = setTimeout(
      () => resolve({ acked: false, reason: 'operation_timeout' }),
      this.#options.ackTimeoutMs,
    );
    this.#waiting.set(envelope.id, (body) => resolve({ acked: true, body }));
    socket.send(JSON.stringify(wire(envelope)));
    return promise.finally(() => {
      clearTimeout(timer);
      this.#waiting.delete(envelope.id);
    });
  }

  /** Has clients reconnect: politely by a `disconnect` message, or by cutting the line. */
  disconnect(how: { reason?: DisconnectReason; abrupt?: boolean } = {}): void {
    for (const socket of this.#sockets) {
      if (how.abrupt) socket.terminate();
      else sendDisconnect(socket, how.reason ?? 'refresh_requested');
    }
  }

  /** Closes every connection as WebSockets do, and cuts those that do not answer within 1 s. */
  async close(): Promise<void> {
    clearInterval(this.#pings);
    const closed = this.#sockets.map((socket) => once(socket, 'close'));
    for (const socket of this.#sockets) socket.close(1001);
    const cut = setTimeout(() => this.#sockets.forEach((s) => s.terminate()), CLOSE_WITHIN_MS);
    await Promise.all(closed);
    clearTimeout(cut);
    this.#server.close();
  }

  #next(): WebSocket | undefined {
    const socket = this.#sockets.shift();
    if (socket) this.#sockets.push(socket);
    return socket;
  }

  #admit(socket: WebSocket): void {
    // A broken line ends in `close` too; without a listener the error would end the process.
    socket.on('error', () => socket.terminate());
    if (this.#sockets.length >= MAX_CONNECTIONS) {
      sendDisconnect(socket, 'too_many_websockets');
      socket.close();
      return;
    }
    this.#sockets.push(socket);
    const connections = this.connections;
    socket.on('message', (data: Buffer) => this.#acknowledge(data.toString('utf8')));
    socket.on('close', () => this.#forget(socket));
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: connections,
        connection_info: { app_id: this.#options.appId },
        debug_info: { host: 'local', approximate_connection_time: 18_060 },
      }),
    );
    this.#options.changes.record({ kind: 'socket_connected', connections });
  }

  #forget(socket: WebSocket): void {
    this.#sockets = this.#sockets.filter((other) => other !== socket);
    this.#options.changes.record({ kind: 'socket_closed', connections: this.connections });
  }

  #acknowledge(text: string): void {
    const ack = parseJson(text);
    if (!isJsonObject(ack)) return;
    const body = ack['payload'];
    const isEmpty = isJsonObject(body) && Object.keys(body).length === 0;
    this.#waiting.get(String(ack['envelope_id']))?.(isEmpty ? undefined : body);
  }
}

function wire(envelope: Envelope): object {
  return {
    envelope_id: envelope.id,
    type: envelope.kind,
    payload: envelope.payload,
    accepts_response_payload: envelope.kind !== 'events_api',
    ...(envelope.kind === 'events_api' && {
      retry_attempt: envelope.retry,
      retry_reason: envelope.retry > 0 ? 'timeout' : '',
    }),
  };
}

function sendDisconnect(socket: WebSocket, reason: DisconnectReason | 'too_many_websockets'): void {
  socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: { host: 'local' } }));
}
