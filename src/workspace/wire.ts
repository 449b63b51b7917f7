/**
 * What the workspace's own page reads from the server: everything one person sees, as plain data.
 * Both sides share these types and nothing else.
 */
export interface Screen {
  /** The number of the change that was the last when the screen was read. */
  readonly seq: number;
  /** The workspace's time, in milliseconds since the Unix epoch. */
  readonly nowMs: number;
  readonly team: TeamOnScreen;
  readonly me: PersonOnScreen;
  /** Everybody whose name this person may see, bots included. */
  readonly people: readonly PersonOnScreen[];
  /** Everybody whom the page can be used as. */
  readonly personas: readonly PersonOnScreen[];
  readonly groups: readonly GroupOnScreen[];
  readonly channels: readonly ChannelOnScreen[];
  /** Absent where the app is not installed for this person and never wrote to them. */
  readonly app?: AppOnScreen;
  /** The stack of modals, the one on top last. */
  readonly views: readonly ViewOnScreen[];
}

export interface TeamOnScreen {
  readonly id: string;
  readonly name: string;
}

/** What somebody is in the workspace that the page shows. */
export type Standing = 'member' | 'guest' | 'external' | 'bot' | 'deactivated';

export interface PersonOnScreen {
  readonly id: string;
  /** The handle, without `@`. */
  readonly handle: string;
  readonly name: string;
  /** Their company. */
  readonly team: string;
  /** IANA zone. */
  readonly tz: string;
  readonly standing: Standing;
}

export interface GroupOnScreen {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
}

export interface ChannelOnScreen {
  readonly id: string;
  /** `app` is the direct message with the app's bot. */
  readonly kind: 'public' | 'private' | 'im' | 'app';
  /** Of a direct message: the name of the other side. */
  readonly name: string;
  readonly members: readonly string[];
  /** Other companies that see the channel; empty unless it is shared. */
  readonly sharedWith: readonly string[];
  /** Messages since the person last looked; those in threads are not counted. */
  readonly unread: number;
  /** Those of the unread ones that mention the person; in a direct message, all. */
  readonly mentions: number;
  /** Oldest first; replies in threads and messages for this person alone included. */
  readonly messages: readonly MessageOnScreen[];
}

/** A Block Kit object: fields that Slack documents, read with `block['field']`. */
export type BlockOnScreen = { readonly [field: string]: unknown };

/** `state.values` of Slack's payloads: by block id, then action id. */
export type ValuesOnScreen = {
  readonly [blockId: string]: { readonly [actionId: string]: BlockOnScreen };
};

export interface MessageOnScreen {
  readonly ts: string;
  readonly user: string;
  readonly text: string;
  readonly blocks: readonly BlockOnScreen[];
  /** Slack's older way to lay a message out, under a coloured bar. */
  readonly attachments: readonly BlockOnScreen[];
  readonly threadTs?: string;
  readonly isEdited: boolean;
  /** Only this person sees it. */
  readonly isEphemeral: boolean;
  /** What this person has chosen in its inputs. */
  readonly values: ValuesOnScreen;
}

export interface ViewOnScreen {
  readonly id: string;
  readonly title: string;
  readonly submit: string | null;
  readonly close: string | null;
  readonly blocks: readonly BlockOnScreen[];
  readonly values: ValuesOnScreen;
  /** Changes with each update. */
  readonly hash: string;
}

export interface AppOnScreen {
  readonly id: string;
  readonly name: string;
  readonly botUserId: string;
  readonly commands: readonly CommandOnScreen[];
  readonly shortcuts: readonly ShortcutOnScreen[];
  /** Absent until the app has published one to this person. */
  readonly home?: ViewOnScreen;
}

export interface CommandOnScreen {
  /** With the leading slash. */
  readonly command: string;
  readonly description?: string;
  readonly usageHint?: string;
}

export interface ShortcutOnScreen {
  /** Offered beside where one writes, or on each message. */
  readonly on: 'global' | 'message';
  readonly callbackId: string;
  readonly name: string;
}

/** What a press or choice ended in. */
export type PressAnswer =
  | { readonly ok: true; readonly url?: string }
  | { readonly ok: false; readonly shown: string };

/** What a command ended in. */
export type CommandAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly error: string; readonly shown: string };

/** What a submission ended in: closed, errors by block id, another view, or a failure. */
export interface SubmitAnswer {
  readonly errors?: { readonly [blockId: string]: string };
  readonly failed?: { readonly shown: string };
}

/** The driver's refusal of what a person in front of a client could not do. */
export interface ActRefused {
  readonly error: string;
  readonly message: string;
}
