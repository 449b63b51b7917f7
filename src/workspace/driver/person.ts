import type { PlainValue } from '../block-kit/entered-value.ts';
import { postResponse } from '../response-message.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import type { Message } from '../store/message.ts';
import type { StoredView } from '../store/view.ts';
import { changeAction, dialogOf, enter, pressAction, pressResult } from './act.ts';
import { CannotAct } from './cannot-act.ts';
import type { DriverContext } from './context.ts';
import { findElement, findInput, type Which } from './find-element.ts';
import {
  closedPayload,
  commandPayload,
  messageActionPayload,
  viewActionPayload,
} from './payloads.ts';
import { eventPayload } from './payloads.ts';
import type { CommandResult, PressResult, SubmitResult } from './results.ts';
import { conversationFor, findMessage, inbox, messagesIn, type MessageRef } from './sight.ts';
import { runShortcut, type ShortcutResult } from './shortcut.ts';
import { submitView } from './submit.ts';

export type PressOptions = Which & {
  /** Whether the person confirms in the dialog, if there is one; they do by default. */
  confirm?: boolean;
};

/** A person in front of a Slack client: they do what they could do there, and see what they would. */
export class Person {
  readonly #context: DriverContext;

  constructor(context: DriverContext) {
    this.#context = context;
  }

  get id(): string {
    return this.#context.user.id;
  }

  /** Types a slash command in a channel (or DM). */
  async command(command: string, text: string, channelRef: string): Promise<CommandResult> {
    const { state, dispatcher } = this.#context;
    const channel = conversationFor(this.#context, channelRef);
    if (!state.directory.app.slashCommands.includes(command)) {
      return { ok: false, error: 'unknown_command', shown: `${command} is not a valid command.` };
    }
    const target = { teamId: channel.teamId, channelId: channel.id, userId: this.id };
    const responsePath = state.responseUrls.issue('commands', target);
    const typed = { command, text: text.trim(), responsePath };
    const payload = commandPayload(this.#context, channel, typed);
    const outcome = await dispatcher.deliver('slash_commands', payload);
    if (!outcome.acked) {
      const shown = `${command} failed with the error "${outcome.reason}"`;
      this.#tellAlone(channel.id, shown);
      return { ok: false, error: outcome.reason, shown };
    }
    const body = typeof outcome.body === 'string' ? { text: outcome.body } : outcome.body;
    if (!isJsonObject(body)) return { ok: true };
    const { answer, message } = postResponse(state, target, body);
    if (answer.ok) return { ok: true, ...(message && { reply: structuredClone(message) }) };
    const shown = `${command} failed with the error "invalid_command_response"`;
    this.#tellAlone(channel.id, shown);
    return { ok: false, error: 'invalid_response', shown, details: [String(answer['error'])] };
  }

  /**
   * Runs a shortcut by its callback id; one that is offered on messages needs one.
   * @throws CannotAct if the app offers none such there.
   */
  shortcut(callbackId: string, on?: MessageRef): Promise<ShortcutResult> {
    return runShortcut(this.#context, callbackId, on);
  }

  /** The modal on top, or undefined. */
  openView(): StoredView | undefined {
    return structuredClone(this.#context.state.views.top(this.id));
  }

  /** The app's Home tab as it was published to this person. */
  homeView(): StoredView | undefined {
    return structuredClone(this.#context.state.views.home(this.id));
  }

  /**
   * Fills inputs of the modal on top, by block id, action id or label.
   * @throws CannotAct if there is no such input or it cannot take the value.
   */
  fillView(values: Record<string, PlainValue>): StoredView {
    const view = this.#top();
    for (const [key, plain] of Object.entries(values)) {
      enter(findInput(view.blocks, key), plain, view.state.values);
    }
    return structuredClone(view);
  }

  /** Submits the modal on top. Errors are by block id, Slack's own and the app's alike. */
  submitView(): Promise<SubmitResult> {
    return submitView(this.#context, this.#top());
  }

  /** Closes the modal on top; the app hears of it if it asked to (`notify_on_close`). */
  async closeView(): Promise<void> {
    const { state, dispatcher } = this.#context;
    const view = this.#top();
    const closing = view.clear_on_close ? state.views.stack(this.id) : [view];
    state.views.close(this.id, { all: view.clear_on_close });
    for (const closed of closing) {
      if (!closed.notify_on_close) continue;
      const payload = closedPayload(this.#context, closed, view.clear_on_close);
      await dispatcher.deliver('interactive', payload);
    }
  }

  /** Changes an input of the modal on top that tells the app at once (`dispatch_action`). */
  async changeInput(actionId: string, plain: PlainValue): Promise<PressResult> {
    const view = this.#top();
    const found = findInput(view.blocks, actionId);
    const action = changeAction(found, plain, view.state.values, this.#now());
    const tells = found.block['type'] !== 'input' || found.block['dispatch_action'] === true;
    return tells ? this.#actInView(view, action, found.element) : { ok: true };
  }

  /** Presses a button of the modal on top, by action id or visible text. */
  pressInView(button: string, options: PressOptions = {}): Promise<PressResult> {
    return this.#pressIn(this.#top(), button, options);
  }

  /** Presses a button of the Home tab. */
  pressInHome(button: string, options: PressOptions = {}): Promise<PressResult> {
    const home = this.#context.state.views.home(this.id);
    if (!home) throw new CannotAct('no_open_view', `${this.id} has no Home tab yet.`);
    return this.#pressIn(home, button, options);
  }

  /** Looks at the app's Home tab, which tells the app if it subscribed to `app_home_opened`. */
  async openHome(): Promise<void> {
    const { state, dispatcher, user } = this.#context;
    if (!state.directory.app.events?.includes('app_home_opened')) return;
    const view = this.homeView();
    const event = { type: 'app_home_opened', user: user.id, tab: 'home', ...(view && { view }) };
    await dispatcher.deliver('events_api', eventPayload({ state }, user.teamId, event));
  }

  /** Presses a button of a message, by action id or visible text. */
  async press(ref: MessageRef, button: string, options: PressOptions = {}): Promise<PressResult> {
    const { channel, message } = findMessage(this.#context, ref);
    const found = findElement(message.blocks, button, options);
    const confirm = dialogOf(found.element);
    if (confirm && options.confirm === false) return { ok: true, confirm, dismissed: true };
    const action = pressAction(found, options, this.#now());
    const payload = messageActionPayload(this.#context, channel, message, action);
    return pressResult(
      await this.#context.dispatcher.deliver('interactive', payload),
      found.element,
    );
  }

  /** Chooses in a select, radio group or other input of a message. */
  async selectInMessage(
    ref: MessageRef,
    actionId: string,
    plain: PlainValue,
  ): Promise<PressResult> {
    const { state, dispatcher } = this.#context;
    const { channel, message } = findMessage(this.#context, ref);
    const found = findInput(message.blocks, actionId);
    const action = changeAction(found, plain, state.selections.of(this.id, message), this.#now());
    const tells = found.block['type'] !== 'input' || found.block['dispatch_action'] === true;
    if (!tells) return { ok: true };
    const payload = messageActionPayload(this.#context, channel, message, action);
    return pressResult(await dispatcher.deliver('interactive', payload), found.element);
  }

  /** Posts a message as this person. */
  say(channelRef: string, text: string, options: { threadTs?: string } = {}): Message {
    const channel = conversationFor(this.#context, channelRef);
    const message = this.#context.state.messages.post({
      channel: channel.id,
      user: this.id,
      team: this.#context.user.teamId,
      text,
      ...(options.threadTs !== undefined && { thread_ts: options.threadTs }),
    });
    return structuredClone(message);
  }

  /** What stands in a conversation (by id, `#name`, or the bot's user id for the DM), oldest first. */
  messages(channelRef: string): Message[] {
    const channel = conversationFor(this.#context, channelRef);
    return structuredClone(messagesIn(this.#context, channel));
  }

  /** Everything this person sees without looking for it, oldest first. */
  inbox(): Message[] {
    return structuredClone(inbox(this.#context));
  }

  async #pressIn(view: StoredView, button: string, options: PressOptions): Promise<PressResult> {
    const found = findElement(view.blocks, button, options);
    const confirm = dialogOf(found.element);
    if (confirm && options.confirm === false) return { ok: true, confirm, dismissed: true };
    return this.#actInView(view, pressAction(found, options, this.#now()), found.element);
  }

  async #actInView(
    view: StoredView,
    action: JsonObject,
    element: JsonObject,
  ): Promise<PressResult> {
    const payload = viewActionPayload(this.#context, view, action);
    const outcome = await this.#context.dispatcher.deliver('interactive', payload);
    return pressResult(outcome, element);
  }

  #top(): StoredView {
    const top = this.#context.state.views.top(this.id);
    if (!top) throw new CannotAct('no_open_view', `${this.id} has no modal open.`);
    return top;
  }

  /** Slackbot's word to one person, where a command failed. */
  #tellAlone(channel: string, text: string): void {
    const { state, user } = this.#context;
    const alone = { is_ephemeral: true as const, visible_to: user.id };
    state.messages.post({ channel, user: 'USLACKBOT', team: user.teamId, text, ...alone });
  }

  #now(): number {
    return this.#context.state.clock.now();
  }
}
