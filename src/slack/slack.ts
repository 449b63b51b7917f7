import type { IncomingMessage, ServerResponse } from 'node:http';
import { App, type Logger as BoltLogger, type Receiver } from '@slack/bolt';
import type { Logger } from 'pino';
import type { Directory } from '#application/ports/directory';
import type { InstallationStore } from '#application/ports/installs';
import type { HomePublisher, HomeStore } from '#application/ports/home';
import type { MineReader } from '#application/ports/mine';
import type { PressStore } from '#application/ports/press';
import type { RequestForms } from '#application/ports/request-forms';
import type { Announcer } from '#application/ports/outbound';
import type { SlackLinks } from '#application/ports/page-link';
import { UNWATCHED, type SlackWatch } from '#application/ports/slack-watch';
import type { Publisher } from '#application/ports/surface';
import type { SurfaceCopies } from '#application/ports/surface-store';
import {
  SingleInstallation,
  type Installation,
  type Installations,
} from './clients/installations.ts';
import { clientOptions, slackClients, type SlackClients } from './clients/slack-clients.ts';
import { slackLogger } from './clients/slack-logger.ts';
import { StoredInstallations } from './clients/stored-installations.ts';
import { expectTeam, verifyToken } from './clients/verify-token.ts';
import { InFlight } from './in-flight.ts';
import { listen } from './listeners/listen.ts';
import { Newest } from './listeners/newest.ts';
import { channelStanding, type ChannelStanding } from './people/channel-standing.ts';
import { SlackDirectory } from './people/directory.ts';
import { SlackAnnouncer } from './publish/slack-announcer.ts';
import { SlackPermalinks } from './publish/slack-permalinks.ts';
import { SlackHomes } from './publish/slack-homes.ts';
import { SlackPublisher } from './publish/slack-publisher.ts';
import { httpHandler, httpReceiver } from './receivers/http-receiver.ts';
import { SocketReceiver } from './receivers/socket-receiver.ts';
import { watchPayloads } from './receivers/watch-payloads.ts';
import { SlackStartFailed } from './slack-error.ts';
import { within } from './within.ts';
import { en, type Words } from './words/words.ts';

export interface SlackOptions {
  readonly mode: 'socket' | 'http';
  /** `xoxb-…` of the one workspace. */
  readonly botToken?: string;
  /** Where the app is installed by OAuth, in place of the bot token. */
  readonly installs?: Pick<InstallationStore, 'find' | 'isBound' | 'suspect'>;
  /** `xapp-…`; needed for `socket`. */
  readonly appToken?: string;
  /** Needed for `http`. */
  readonly signingSecret?: string;
  /** `https://slack.com/api/` unless set, for GovSlack or a local workspace. */
  readonly apiUrl?: string;
  readonly forms: RequestForms;
  readonly mine: MineReader;
  readonly homes: Pick<HomeStore, 'opened'>;
  readonly presses: PressStore;
  readonly copies: Pick<SurfaceCopies, 'pressed'>;
  readonly log: Logger;
  /** What is said; English unless set. */
  readonly words?: Words;
  /** Milliseconds that never go back, for the age of look-ups; the process's own unless set. */
  readonly clock?: () => number;
  /** Hears of payloads and calls; nobody unless set. */
  readonly watch?: SlackWatch;
}

export interface Slack {
  readonly publisher: Publisher;
  readonly homes: HomePublisher;
  readonly announcer: Announcer;
  readonly directory: Directory;
  readonly links: SlackLinks;
  /** Whether a channel may follow a bypass; fails closed. */
  channelStanding(team: string, channel: string): Promise<ChannelStanding>;
  /**
   * Verifies the token and gives the workspace it belongs to. Nobody is asked about, told or
   * answered before it succeeded: with the token of another workspace than `expected` (`null`: any)
   * everybody at home would be judged a foreigner. @throws SlackStartFailed.
   */
  identify(expected: string | null): Promise<string>;
  /**
   * Takes payloads; verifies the token first, if that was not done. May be called again after it
   * failed. @throws SlackStartFailed.
   */
  start(): Promise<void>;
  /** Takes no new payloads and waits for those under way, 5 s at most. */
  stop(): Promise<void>;
  /** For `http`: the listener of `POST /slack/events`, to be mounted on the service's port. */
  readonly handler?: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Longer than Slack waits for an acknowledgement: after that nobody is served by waiting. */
const DRAIN_LIMIT_MS = 5_000;
/** Of the 3 s that Slack waits for an acknowledgement. */
const WARM_LIMIT_MS = 400;

/**
 * Slack as a surface: listeners in, messages out.
 * @throws SlackStartFailed `missing-setting` where the mode lacks its token or secret.
 */
export function createSlack(options: SlackOptions): Slack {
  const { log, words = en, clock = () => performance.now() } = options;
  const logger = slackLogger(log);
  const home = homeOf(options, logger);
  const installations = home?.installation ?? storedOf(options, logger, clock);
  const work = new InFlight();
  const transport = transportOf(options, logger);
  const app = boltApp(options, transport.receiver, installations, work);
  watchPayloads(app, options.watch ?? UNWATCHED);
  const open = { value: false };
  let initialised: Promise<void> | undefined;
  const identify = async (expected: string | null): Promise<string> => {
    if (home === null) throw new SlackStartFailed('missing-setting', 'there is no bot token');
    const installation = await verifyToken(home.clients);
    expectTeam(installation, expected);
    home.installation.installed(installation);
    return installation.team;
  };
  return {
    publisher: new SlackPublisher(installations, log, words, clock),
    homes: new SlackHomes(installations, log, words),
    announcer: new SlackAnnouncer(installations, log, words),
    directory: new SlackDirectory(installations, clock),
    links: new SlackPermalinks(installations, log),
    channelStanding: (team, channel) => channelStanding(installations, log, team, channel),
    ...(transport.http && { handler: httpHandler(transport.http, () => open.value) }),
    identify,
    async start() {
      if (!installations.isKnown) await identify(null);
      initialised ??= app.init();
      await initialised;
      await transport.socket?.start();
      open.value = true;
    },
    async stop() {
      open.value = false;
      // A socket is closed when it is idle: a payload on a closing one would be lost.
      await work.idle(DRAIN_LIMIT_MS);
      await transport.socket?.stop();
      const drained = await work.idle(DRAIN_LIMIT_MS);
      if (!drained) log.warn('work was still under way when Slack was stopped');
    },
  };
}

interface Home {
  readonly clients: SlackClients;
  readonly installation: SingleInstallation;
}

/** The one workspace of a bot token; `null` where installations are stored. */
function homeOf(
  { botToken, apiUrl, watch = UNWATCHED }: SlackOptions,
  logger: BoltLogger,
): Home | null {
  if (botToken === undefined) return null;
  const url = apiUrl === undefined ? {} : { apiUrl };
  const clients = slackClients({ botToken, logger, watch, ...url });
  return { clients, installation: new SingleInstallation() };
}

/** @throws SlackStartFailed `missing-setting`. */
function storedOf(
  { installs, apiUrl, log, watch = UNWATCHED }: SlackOptions,
  logger: BoltLogger,
  clock: () => number,
): StoredInstallations {
  if (installs === undefined)
    throw new SlackStartFailed('missing-setting', 'it needs a bot token, or OAuth');
  const url = apiUrl === undefined ? {} : { apiUrl };
  return new StoredInstallations({
    store: installs,
    clientsFor: (botToken, onDeadToken) =>
      slackClients({ botToken, logger, onDeadToken, watch, ...url }),
    onError: (err) => log.error({ err }, 'nobody could be told to look at an installation'),
    clock,
  });
}

interface Transport {
  readonly receiver: Receiver;
  readonly socket?: SocketReceiver;
  readonly http?: ReturnType<typeof httpReceiver>;
}

function transportOf(options: SlackOptions, logger: ReturnType<typeof slackLogger>): Transport {
  const { mode, appToken, signingSecret, apiUrl, log } = options;
  if (mode === 'socket') {
    if (!appToken) throw new SlackStartFailed('missing-setting', 'Socket Mode needs an app token');
    const url = apiUrl === undefined ? {} : { apiUrl };
    const socket = new SocketReceiver({ appToken, logger, log, ...url });
    return { receiver: socket, socket };
  }
  if (!signingSecret) {
    throw new SlackStartFailed('missing-setting', 'HTTP mode needs the signing secret');
  }
  const http = httpReceiver({ signingSecret, logger, log });
  return { receiver: http, http };
}

function boltApp(
  { forms, mine, homes, presses, copies, installs, log, words = en, apiUrl }: SlackOptions,
  receiver: Receiver,
  installations: Installations,
  work: InFlight,
): App {
  const logger = slackLogger(log);
  const app = new App({
    receiver,
    logger,
    clientOptions: clientOptions(2_000, logger, apiUrl),
    // Runs before every listener, inside the 3 s: from memory, or one bounded read a minute. A
    // workspace without an installation passes too, since refusing here would leave its people
    // without an answer.
    authorize: async ({ teamId, enterpriseId }) => {
      const found = await warmed(installations, teamId, enterpriseId, log);
      if (found === null) return {};
      const bot = found.botId === undefined ? {} : { botId: found.botId };
      return { ...bot, botUserId: found.botUserId };
    },
    convoStore: false,
    deferInitialization: true,
    extendedErrorHandler: true,
  });
  app.use(({ next }) => work.run(next));
  app.error(async ({ error, body }: { error: Error; body: object }) => {
    log.error({ err: error, cause: error.cause, payload: kindOf(body) }, 'a listener failed');
    // Thrown on, so that the receiver answers with a failure and never with an empty success.
    throw error;
  });
  const suspect = installs?.suspect ?? (async () => undefined);
  const newest = new Newest();
  listen(app, { forms, mine, homes, presses, copies, installations, suspect, log, newest, words });
  return app;
}

/** What is not known by then is looked up by whoever needs it. */
async function warmed(
  installations: Installations,
  team: string | undefined,
  enterprise: string | undefined,
  log: Logger,
): Promise<Installation | null> {
  try {
    return await within(WARM_LIMIT_MS, installations.warm(team ?? null, enterprise ?? null));
  } catch (err) {
    log.warn({ err, team }, 'it could not be read in time where the app is installed');
    return null;
  }
}

const kindOf = (body: object): string =>
  'type' in body && typeof body.type === 'string' ? body.type : 'command';
