import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Gives the server's `close`: answers under way finish and close their connection, idle ones end
 * at once, and what is left after `drainMs` is cut off. A second call waits for the first.
 */
export function drainable(server: Server, drainMs: number): () => Promise<void> {
  const underWay = new Set<ServerResponse>();
  const sockets = new Set<Socket>();
  let closing: Promise<void> | undefined;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // Before the listener that answers, so that the header can still be set.
  server.prependListener('request', (_request, response: ServerResponse) => {
    underWay.add(response);
    response.once('close', () => {
      underWay.delete(response);
      if (closing !== undefined) server.closeIdleConnections();
    });
    // A connection that was open before the close can still bring one more request.
    if (closing !== undefined) response.setHeader('connection', 'close');
  });
  return () => {
    closing ??= close(server, drainMs);
    endEarly(underWay, sockets);
    return closing;
  };
}

function endEarly(underWay: Set<ServerResponse>, sockets: Set<Socket>): void {
  for (const response of underWay) {
    if (!response.headersSent) response.setHeader('connection', 'close');
  }
  // Node does not count a connection as idle before its first request (browsers and load
  // balancers open some ahead); each would hold the close until the cut-off.
  for (const socket of sockets) {
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
