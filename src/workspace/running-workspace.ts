import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { LoggedCall } from './call-log.ts';
import type { WaitOptions, WorkspaceChange } from './changes.ts';
import type { DeliveryRecord, Outcome } from './delivery/delivery.ts';
import type { DeliveryFault } from './delivery/delivery-faults.ts';
import type { Dispatcher } from './delivery/dispatcher.ts';
import type { DisconnectReason, SocketMode } from './delivery/socket-mode.ts';
import { CannotAct } from './driver/cannot-act.ts';
import { allowInstall } from './driver/allow-install.ts';
import { eventPayload } from './driver/payloads.ts';
import { Person } from './driver/person.ts';
import type { Fault } from './faults.ts';
import type { JsonObject } from './json.ts';
import type { Reader } from './render/reader.ts';
import type { ScriptHandle } from './scripted.ts';
import type { SeedChannel, SeedTeam, SeedUser } from './seed.ts';
import { originOf } from './server.ts';
import type { WorkspaceState } from './state.ts';
import type { Message } from './store/message.ts';
import type { InstallPlace } from './store/oauth.ts';
import type { StoredView } from './store/view.ts';

/** A running workspace: its addresses, its people, and what the app has done to it. */
export class Workspace {
  readonly #state: WorkspaceState;
  readonly #dispatcher: Dispatcher;
  readonly #socketMode: SocketMode | undefined;
  #server: Server | undefined;
  readonly #connections = new Set<Socket>();

  constructor(state: WorkspaceState, dispatcher: Dispatcher, socketMode: SocketMode | undefined) {
    this.#state = state;
    this.#dispatcher = dispatcher;
    this.#socketMode = socketMode;
  }

  /** Called once, when the server listens. */
  attach(server: Server): void {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#connections.add(socket);
      socket.once('close', () => this.#connections.delete(socket));
    });
    this.#state.origin = originOf(server);
  }

  /** `http://127.0.0.1:<port>` */
  get origin(): string {
    return this.#state.origin;
  }

  /** What the app's clients take as `slackApiUrl`. */
  get apiUrl(): string {
    return `${this.origin}/api/`;
  }

  /**
   * A person to act as.
   * @throws CannotAct if there is none with this id or they were deactivated.
   */
  as(userId: string): Person {
    const user = this.#state.directory.users.get(userId);
    if (!user) throw new CannotAct('no_such_person', `There is no person ${userId}.`);
    if (user.deleted) throw new CannotAct('person_deactivated', `${userId} was deactivated.`);
    return new Person({ state: this.#state, dispatcher: this.#dispatcher, user });
  }

  people(): SeedUser[] {
    return structuredClone([...this.#state.directory.users.values()]);
  }

  channels(): { id: string; name: string; kind: string; members: string[] }[] {
    return this.#state.conversations
      .all()
      .map(({ id, name, kind, members }) => ({ id, name, kind, members: [...members] }));
  }

  /** Adds a person or replaces the one with this id: to deactivate or restrict somebody, say. */
  setUser(user: SeedUser): void {
    this.#state.directory.setUser(user);
  }

  /** Adds a channel or replaces the one with this id: to share or archive it, or let people in. */
  setChannel(channel: SeedChannel): void {
    this.#state.conversations.set(channel);
  }

  /** Adds a team, whose people and channels can be set from then on. The app is not installed there. */
  addTeam(team: SeedTeam): void {
    this.#state.directory.teams.set(team.id, team);
  }

  /**
   * Somebody allows the app, on the page that the app sends them to, and is sent back: gives where to.
   * @throws CannotAct where Slack shows an error in place of that page.
   */
  allowInstall(page: string, place: InstallPlace, scopes?: string[]): string {
    return allowInstall(this.#state, page, place, scopes);
  }

  /** The app is taken out of a team, or of an organisation; Slack tells the app if it asked to hear. */
  async uninstall(
    teamId: string,
    order: readonly ('app_uninstalled' | 'tokens_revoked')[] = [
      'tokens_revoked',
      'app_uninstalled',
    ],
  ): Promise<void> {
    const { directory, oauth } = this.#state;
    const installed = directory.installationOf(teamId);
    if (!installed) throw new CannotAct('not_installed', `The app is not in ${teamId}.`);
    oauth.end(installed.botToken, 'account_inactive');
    await this.tellUninstalled(teamId, installed.botUserId, order);
  }

  /** The events of an uninstall, which may come late or after the app was installed again. */
  async tellUninstalled(
    teamId: string,
    botUserId: string,
    order: readonly ('app_uninstalled' | 'tokens_revoked')[],
  ): Promise<void> {
    const wanted = this.#state.directory.app.events ?? [];
    for (const type of order.filter((one) => wanted.includes(one)))
      await this.sendEvent(
        { type, ...(type === 'tokens_revoked' && { tokens: { oauth: [], bot: [botUserId] } }) },
        teamId,
      );
  }

  /** Replaces the members of a user group. */
  setGroupMembers(groupId: string, members: string[]): void {
    const group = this.#state.directory.groups.get(groupId);
    if (!group) throw new Error(`The seed has no user group ${groupId}.`);
    group.members = [...members];
  }

  /** Every call the app made, oldest first. */
  calls(method?: string): LoggedCall[] {
    const { calls } = this.#state;
    return structuredClone(method ? calls.filter((call) => call.method === method) : calls);
  }

  /** Every payload that was delivered to the app, oldest first. */
  deliveries(): DeliveryRecord[] {
    return structuredClone([...this.#dispatcher.delivered()]);
  }

  /** What happened since the change numbered `afterSeq`. */
  events(afterSeq = 0): WorkspaceChange[] {
    return this.#state.changes.since(afterSeq);
  }

  /** The first change after `afterSeq` (by default from now on) for which `predicate` holds. */
  waitFor(
    predicate: (change: WorkspaceChange) => boolean,
    options: WaitOptions & { afterSeq?: number } = {},
  ): Promise<WorkspaceChange> {
    return this.#state.changes.waitFor(predicate, options);
  }

  /** The newest message that the person sees and `predicate` holds for, now or once it comes. */
  waitForMessage(
    userId: string,
    predicate: (message: Message) => boolean = () => true,
    options: WaitOptions = {},
  ): Promise<Message> {
    const person = this.as(userId);
    return this.#state.changes.waitUntil(() => person.inbox().findLast(predicate), options);
  }

  /** The person's open modal, now or once one opens for which `predicate` holds. */
  waitForView(
    userId: string,
    predicate: (view: StoredView) => boolean = () => true,
    options: WaitOptions = {},
  ): Promise<StoredView> {
    const person = this.as(userId);
    return this.#state.changes.waitUntil(() => {
      const view = person.openView();
      return view && predicate(view) ? view : undefined;
    }, options);
  }

  /** Waits until the app holds so many sockets. */
  async waitForSockets(count = 1, options: WaitOptions = {}): Promise<void> {
    const enough = () => ((this.#socketMode?.connections ?? 0) >= count ? true : undefined);
    await this.#state.changes.waitUntil(enough, options);
  }

  /** Sends an event of the Events API to the app. */
  sendEvent(event: JsonObject, teamId = this.#state.directory.homeTeamId): Promise<Outcome> {
    const payload = eventPayload({ state: this.#state }, teamId, event);
    return this.#dispatcher.deliver('events_api', payload);
  }

  /** Has a fault meet the app's next calls. */
  script(fault: Fault): ScriptHandle {
    return this.#state.faults.script(fault);
  }

  /** Has a fault meet the next payloads to the app. */
  scriptDelivery(fault: DeliveryFault): ScriptHandle {
    return this.#dispatcher.script(fault);
  }

  /** Lets payloads that are held arrive, and waits until they have. */
  releaseDeliveries(): Promise<void> {
    return this.#dispatcher.release();
  }

  /** From now on every payload is delivered twice, or (with false) once again. */
  deliverTwice(on = true): void {
    this.#dispatcher.twice = on;
  }

  /** Delivers an earlier payload again, by default the last. */
  redeliver(envelopeId?: string): Promise<Outcome> {
    return this.#dispatcher.redeliver(envelopeId);
  }

  /** Waits for deliveries that go on behind an act, as second deliveries do. */
  settled(): Promise<void> {
    return this.#dispatcher.settled();
  }

  /** Has the app's sockets close: by Slack's `disconnect` message, or cut (`abrupt`). */
  disconnectSockets(how: { reason?: DisconnectReason; abrupt?: boolean } = {}): void {
    this.#socketMode?.disconnect(how);
  }

  /** Names and zone for the renderers, as this person would read them. */
  readerFor(userId: string): Reader {
    const { directory, conversations, clock } = this.#state;
    return {
      viewerTz: directory.users.get(userId)?.tz ?? 'UTC',
      nowMs: clock.now(),
      nameOf: (id) =>
        directory.users.get(id)?.name ??
        directory.groups.get(id)?.handle ??
        conversations.get(id)?.name,
    };
  }

  /** Ends all connections and stops listening. */
  async close(): Promise<void> {
    await this.#socketMode?.close();
    const server = this.#server;
    if (!server) return;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    server.close(() => resolve(undefined));
    server.closeAllConnections();
    // An app that reconnected meanwhile has a socket that is no request any more.
    for (const socket of this.#connections) socket.destroy();
    await promise;
  }
}
