import { ApiEndpoint } from './api/api-endpoint.ts';
import { WebApi } from './api/web-api.ts';
import { clientRoutes } from './client-routes.ts';
import { systemClock, type Clock } from './clock.ts';
import { ACK_TIMEOUT_MS } from './delivery/delivery.ts';
import { Dispatcher } from './delivery/dispatcher.ts';
import { HttpDelivery } from './delivery/http-delivery.ts';
import { SocketMode } from './delivery/socket-mode.ts';
import { serveDriver } from './driver/routes.ts';
import { ReadMarks } from './driver/screen-reads.ts';
import type { CommandHints } from './driver/screen.ts';
import { RateLimits } from './rate-limits.ts';
import { Workspace } from './running-workspace.ts';
import type { WorkspaceSeed } from './seed.ts';
import { listen } from './server.ts';
import { WorkspaceState } from './state.ts';

export type { Surface } from './block-kit/rules.ts';
export { validateBlocks } from './block-kit/validate-blocks.ts';
export { validateView } from './block-kit/validate-view.ts';
export type { Person } from './driver/person.ts';
export { renderMessageText } from './render/message-text.ts';
export { renderMrkdwn } from './render/mrkdwn.ts';
export { renderViewText } from './render/view-text.ts';
export type { Workspace } from './running-workspace.ts';
export type * from './seed.ts';
export type { Message } from './store/message.ts';
export type { StoredView } from './store/view.ts';

export interface WorkspaceOptions {
  seed: WorkspaceSeed;
  /** 0, the default, takes any free port. */
  port?: number;
  /** For triggers, response URLs and message timestamps; the system's by default. */
  clock?: Clock;
  /** How long the app has to acknowledge, in milliseconds; Slack's 3000 by default. */
  ackTimeoutMs?: number;
  /** Whether calls past Slack's documented rate limits are answered 429; not by default. */
  rateLimits?: boolean;
  /** What the page's composer says of the slash commands; nothing by default. */
  commandHints?: CommandHints;
}

/** Starts a Slack workspace on 127.0.0.1 that speaks Slack's protocols and keeps Slack's limits. */
export async function startWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const state = new WorkspaceState(options.seed, options.clock ?? systemClock);
  const { app } = options.seed;
  const ackTimeoutMs = options.ackTimeoutMs ?? ACK_TIMEOUT_MS;
  const socketMode =
    app.delivery.mode === 'socket'
      ? new SocketMode({ appId: app.id, ackTimeoutMs, changes: state.changes })
      : undefined;
  const transport =
    app.delivery.mode === 'http'
      ? new HttpDelivery({ ...app.delivery, signingSecret: app.signingSecret, ackTimeoutMs })
      : socketMode;
  if (!transport) throw new Error('The app is reached neither by sockets nor by HTTP.');
  const dispatcher = new Dispatcher(transport, state.changes);
  const api = new ApiEndpoint(
    state,
    new WebApi(state, socketMode),
    options.rateLimits ? new RateLimits(state.clock) : undefined,
  );
  const workspace = new Workspace(state, dispatcher, socketMode);
  const driver = {
    workspace,
    state,
    dispatcher,
    reads: new ReadMarks(),
    hints: options.commandHints ?? {},
  };
  const server = await listen(
    {
      api,
      driver: (request, response) => serveDriver(driver, request, response),
      client: clientRoutes(),
      ...(socketMode && { socketMode }),
    },
    options.port ?? 0,
  );
  workspace.attach(server);
  return workspace;
}
