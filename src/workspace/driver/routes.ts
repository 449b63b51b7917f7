import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PlainValue } from '../block-kit/entered-value.ts';
import { WaitTimedOut } from '../changes.ts';
import type { Dispatcher } from '../delivery/dispatcher.ts';
import type { DeliveryFault } from '../delivery/delivery-faults.ts';
import type { Fault } from '../faults.ts';
import { sendJson } from '../http-body.ts';
import type { JsonObject } from '../json.ts';
import { own } from '../own.ts';
import type { Workspace } from '../running-workspace.ts';
import type { WorkspaceState } from '../state.ts';
import type { Screen } from '../wire.ts';
import { actBody } from './act-body.ts';
import { CannotAct } from './cannot-act.ts';
import type { DriverContext } from './context.ts';
import { serveFeed } from './feed.ts';
import { awaitNewestWith, awaitView } from './await-by-hand.ts';
import type { Person, PressOptions } from './person.ts';
import { visiblePeople } from './screen-people.ts';
import { screenOf, type ScreenSources } from './screen.ts';
import { conversationFor } from './sight.ts';

type Act = (person: Person, body: JsonObject, workspace: Workspace) => unknown;

/** What a person can do, under `POST /driver/as/<user id>/<act>`. */
const ACTS: Record<string, Act> = {
  command: (p, b) => p.command(text(b, 'command'), text(b, 'text'), text(b, 'channel')),
  shortcut: (p, b) =>
    p.shortcut(text(b, 'callbackId'), b['ts'] === undefined ? undefined : messageRef(b)),
  'view/fill': async (p, b, workspace) => {
    await awaitView(workspace, p.id, b['waitMs']);
    return p.fillView(b['values'] as Record<string, PlainValue>);
  },
  'view/submit': (p) => p.submitView(),
  'view/close': (p) => p.closeView(),
  'view/change': (p, b) => p.changeInput(text(b, 'actionId'), b['value'] as PlainValue),
  'view/press': (p, b) => p.pressInView(text(b, 'button'), pressOptions(b)),
  'home/open': (p) => p.openHome(),
  'home/press': (p, b) => p.pressInHome(text(b, 'button'), pressOptions(b)),
  press: async (p, b, workspace) => {
    const button = text(b, 'button');
    const isNamed = b['ts'] !== undefined;
    const at = isNamed
      ? messageRef(b)
      : await awaitNewestWith(workspace, p.id, button, b['waitMs']);
    return p.press(at, button, pressOptions(b));
  },
  select: (p, b) => p.selectInMessage(messageRef(b), text(b, 'actionId'), b['value'] as PlainValue),
  say: (p, b) => {
    const threadTs = b['threadTs'];
    const options = typeof threadTs === 'string' ? { threadTs } : {};
    return p.say(text(b, 'channel'), text(b, 'text'), options);
  },
};

/** What a person sees, under `GET /driver/as/<user id>/<what>`. */
const SIGHTS: Record<string, (person: Person, query: URLSearchParams) => unknown> = {
  view: (p) => p.openView() ?? null,
  home: (p) => p.homeView() ?? null,
  inbox: (p) => p.inbox(),
  messages: (p, query) => p.messages(query.get('channel') ?? ''),
};

/** What can be asked of the workspace itself, under `GET /driver/<what>`. */
const LOOKS: Record<string, (workspace: Workspace, query: URLSearchParams) => unknown> = {
  people: (w) => w.people(),
  channels: (w) => w.channels(),
  calls: (w) => w.calls(),
  deliveries: (w) => w.deliveries(),
  events: (w, query) => eventsAfter(w, Number(query.get('after') ?? 0), query),
};

/** What can be done to the workspace itself, under `POST /driver/<what>`. */
const CONTROLS: Record<string, (workspace: Workspace, body: JsonObject) => unknown> = {
  script: (w, b) => void w.script(b as unknown as Fault),
  'script-delivery': (w, b) => void w.scriptDelivery(b as unknown as DeliveryFault),
  'release-deliveries': (w) => w.releaseDeliveries(),
  'deliver-twice': (w, b) => w.deliverTwice(b['on'] !== false),
  'disconnect-sockets': (w, b) => w.disconnectSockets({ abrupt: b['abrupt'] === true }),
};

/** The workspace that is driven, and what its page needs beside it. */
export interface Driver extends ScreenSources {
  readonly workspace: Workspace;
  readonly state: WorkspaceState;
  readonly dispatcher: Dispatcher;
}

/** Serves `/driver/…`: the driver for other processes, in JSON, and a feed of changes. */
export async function serveDriver(
  driver: Driver,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const method = request.method ?? 'GET';
  const body = await actBody(request);
  if (!('fields' in body)) return sendJson(response, body.status, { error: body.error });
  const path = url.pathname.slice('/driver/'.length);
  const feedOf = method === 'GET' ? /^as\/([^/]+)\/feed$/.exec(path)?.[1] : undefined;
  try {
    if (feedOf !== undefined) return serveFeed(driver, personFor(driver, feedOf).id, response);
    const run = find(driver, method, path, body.fields, url.searchParams);
    if (!run) return sendJson(response, 404, { error: 'not_found' });
    sendJson(response, 200, (await run()) ?? null);
  } catch (error) {
    if (!(error instanceof CannotAct)) throw error;
    sendJson(response, 409, { error: error.code, message: error.message });
  }
}

function find(
  driver: Driver,
  method: string,
  path: string,
  body: JsonObject,
  query: URLSearchParams,
): (() => unknown) | undefined {
  const { workspace } = driver;
  const [, userId, what] = /^as\/([^/]+)\/(.+)$/.exec(path) ?? [];
  if (userId !== undefined && what !== undefined) {
    const act = method === 'POST' ? own(ACTS, what) : undefined;
    const sight = method === 'GET' ? own(SIGHTS, what) : undefined;
    if (method === 'GET' && what === 'screen') return () => screenFor(driver, userId);
    if (method === 'POST' && what === 'read') return () => markRead(driver, userId, body);
    if (method === 'POST' && what === 'direct') return () => openDirect(driver, userId, body);
    if (act) return () => act(personFor(driver, userId), body, workspace);
    return sight && (() => sight(personFor(driver, userId), query));
  }
  const look = method === 'GET' ? own(LOOKS, path) : undefined;
  if (look) return () => look(workspace, query);
  const control = method === 'POST' ? own(CONTROLS, path) : undefined;
  return control && (() => control(workspace, body));
}

function screenFor(driver: Driver, userId: string): Screen {
  return screenOf(contextOf(driver, userId), driver);
}

/** The person's client has shown them everything up to `ts`. */
function markRead(driver: Driver, userId: string, body: JsonObject): void {
  const { id } = conversationFor(contextOf(driver, userId), text(body, 'channel'));
  driver.reads.mark(userId, id, text(body, 'ts'));
}

/** The direct message with somebody whose name the person may see; opened if it is not yet. */
function openDirect(driver: Driver, userId: string, body: JsonObject): { channel: string } {
  const { state, user } = contextOf(driver, userId);
  const other = visiblePeople(state, user).find(({ id }) => id === body['user']);
  if (!other || !state.directory.users.has(other.id) || other.standing === 'deactivated') {
    throw new CannotAct('no_such_person', `${userId} cannot write to ${text(body, 'user')}.`);
  }
  return { channel: state.conversations.direct(user.teamId, other.id, userId).dm.id };
}

/** @throws CannotAct if nobody can act as this person: bots have no client, and act by their tokens. */
function personFor({ workspace, state }: Driver, userId: string): Person {
  if (state.directory.users.get(userId)?.isBot)
    throw new CannotAct('person_is_bot', `${userId} is a bot.`);
  return workspace.as(userId);
}

/** @throws CannotAct as `personFor` does */
function contextOf(driver: Driver, userId: string): DriverContext {
  const { state, dispatcher } = driver;
  const user = state.directory.users.get(personFor(driver, userId).id);
  if (!user) throw new CannotAct('no_such_person', `There is no person ${userId}.`);
  return { state, dispatcher, user };
}

/** A long poll: answers at once if there is something, else when there is or the time is up. */
async function eventsAfter(workspace: Workspace, seq: number, query: URLSearchParams) {
  try {
    const timeoutMs = Number(query.get('timeoutMs') ?? 0);
    await workspace.waitFor(() => true, { afterSeq: seq, timeoutMs });
  } catch (error) {
    if (!(error instanceof WaitTimedOut)) throw error;
  }
  return workspace.events(seq);
}

function text(body: JsonObject, name: string): string {
  return typeof body[name] === 'string' ? body[name] : '';
}

function messageRef(body: JsonObject): { channel: string; ts: string } {
  return { channel: text(body, 'channel'), ts: text(body, 'ts') };
}

function pressOptions(body: JsonObject): PressOptions {
  const { value, blockId, confirm } = body;
  return {
    ...(typeof value === 'string' && { value }),
    ...(typeof blockId === 'string' && { blockId }),
    ...(typeof confirm === 'boolean' && { confirm }),
  };
}
