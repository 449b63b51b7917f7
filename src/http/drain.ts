import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Each connection with the answer that it waits for. */
type Connections = Map<Socket, ServerResponse | null>;

/**
 * Gives the server's `close`: answers under way finish and close their connection, idle ones end
 * at once, and what is left after `drainMs` is cut off. A second call waits for the first.
 */
export function drainable(server: Server, drainMs: number): () => Promise<void> {
  // A set that each answer was put in and taken from would be laid out anew again and again, and what was
  // in it is then kept until the old generation is collected, with all that it refers to.
  const connections: Connections = new Map();
  let closing: Promise<void> | undefined;
  server.on('connection', (socket) => {
    connections.set(socket, null);
    socket.once('close', () => connections.delete(socket));
  });
  // Before the listener that answers, so that the header can still be set.
  server.prependListener('request', ({ socket }, response: ServerResponse) => {
    if (connections.has(socket)) connections.set(socket, response);
    response.once('close', () => {
      if (connections.get(socket) === response) connections.set(socket, null);
      if (closing !== undefined) server.closeIdleConnections();
    });
    // A connection that was open before the close can still bring one more request.
    if (closing !== undefined) response.setHeader('connection', 'close');
  });
  return () => {
    closing ??= close(server, drainMs);
    endEarly(connections);
    return closing;
  };
}

function endEarly(connections: Connections): void {
  for (const [socket, response] of connections) {
    if (response?.headersSent === false) response.setHeader('connection', 'close');
    // Node does not count a connection as idle before its first request (browsers and load
    // balancers open some ahead); each would hold the close until the cut-off.
    if (socket.bytesRead === 0) socket.destroy();
  }
}

function close(server: Server, drainMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const cutOff = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close((error) => {
      clearTimeout(cutOff);
      if (error === undefined) resolve();
      else reject(error);
    });
  });
}
