import type { Instant } from '#domain/instant';
import type { BypassId, TenantId } from '#domain/ids';
import type { Refusal } from '#domain/refusal';
import type { Account } from './account.ts';
import type { BypassCard, PostMortemCard, PersonView } from './card.ts';
import type { DrillStep } from './drill.ts';
import type { MessageRef } from './press.ts';

/** Where one copy of a card stands, or is to stand. */
export interface Surface {
  readonly id: string;
  readonly tenant: TenantId;
  readonly bypass: BypassId;
  readonly kind: SurfaceKind;
  readonly to: Recipient;
  /** The message that shows it; `null` until it was posted. */
  readonly message: MessageRef | null;
  /** How many posts of it had no answer: each may stand somewhere, and nobody knows where. */
  readonly unanswered: number;
}

export type SurfaceKind = 'incident' | 'approver' | 'requester' | 'post-mortem';

export type Recipient =
  | { readonly kind: 'channel'; readonly team: string; readonly channel: string }
  | {
      readonly kind: 'thread';
      readonly team: string;
      readonly channel: string;
      readonly parent: string;
    }
  | { readonly kind: 'person'; readonly account: Account };

/** What a surface shows: rendered from the current state each time, so retries and order do not matter. */
export type SurfaceModel =
  | { readonly kind: 'incident'; readonly card: BypassCard }
  | { readonly kind: 'approver'; readonly card: BypassCard; readonly viewer: PersonView }
  | { readonly kind: 'requester'; readonly card: BypassCard }
  | { readonly kind: 'post-mortem'; readonly card: PostMortemCard };

/** A message that says something once: the private answer to a press, or a reminder. */
export type Note =
  | {
      readonly kind: 'refusal';
      readonly refusal: Refusal;
      readonly card: BypassCard | null;
      readonly tried: string;
    }
  | {
      readonly kind: 'signer-unavailable';
      readonly card: BypassCard;
      readonly retryUntilAt: Instant;
    }
  | ReminderNote
  /** An incident tool says that the incident of an active bypass is over. */
  | { readonly kind: 'incident-over'; readonly card: BypassCard }
  | { readonly kind: 'failed'; readonly reference: string }
  | OutcomeNote
  | ExpiringNote
  | NobodyNote
  | DrillReportNote
  | SignInNote;

/** A review is not done. */
export interface ReminderNote {
  readonly kind: 'reminder';
  readonly card: PostMortemCard;
  /** How long after it was due it was told, in ms; negative before. Absent in one stored long ago. */
  readonly lateMs?: number;
  /** For somebody to whom it rises by the policy: it is another's. */
  readonly escalated?: true;
}

/** What became of a request, for whoever waited for it. Shown as it stands when the note is told. */
export interface OutcomeNote {
  readonly kind: 'outcome';
  readonly card: BypassCard;
}

/** Too few people can be asked for a request. Shown as it stands when it is told. */
export interface NobodyNote {
  readonly kind: 'nobody';
  readonly card: BypassCard;
}

/** The end of a bypass is near. Shown as it stands when it is told, and not at all once it is over. */
export interface ExpiringNote {
  readonly kind: 'expiring';
  readonly card: BypassCard;
  readonly leftMs: number;
  /** `asked`: one waits for its approvers. `capped`: its chain may not stay open for longer. */
  readonly extension: 'possible' | 'asked' | 'capped';
}

/** How long each step of a drill took, once it is over. */
export interface DrillReportNote {
  readonly kind: 'drill-report';
  readonly card: BypassCard;
  readonly steps: readonly DrillStep[];
}

/** The way to the sign-in that an approval needs. */
export interface SignInNote {
  readonly kind: 'sign-in';
  readonly card: BypassCard;
  readonly ttlMs: number;
  /** The whole address; whoever has it acts for the approver, so only they may see it. */
  readonly link: string;
  readonly expiresAt: Instant;
  /** Whether they may sign with a key of their own. */
  readonly ownKey: boolean;
}

/** A note as it waits to be told: a link stands nowhere in the clear, and what may change is read then. */
export type StoredNote =
  | Exclude<Note, SignInNote | OutcomeNote | ExpiringNote | NobodyNote | DrillReportNote>
  | {
      readonly kind: (OutcomeNote | ExpiringNote | NobodyNote | DrillReportNote)['kind'];
      readonly bypass: BypassId;
    }
  | (Omit<SignInNote, 'link'> & { readonly prepared: string });

export type PublishCode =
  | 'rate-limited'
  /** Nothing was taken. */
  | 'unavailable'
  /** It was sent and the answer never came: it may stand. */
  | 'unanswered'
  /** Retrying cannot help: the channel is gone, the scope is missing, the token revoked. */
  | 'rejected'
  /** The app is not installed there any more: it waits, and comes when it is installed again. */
  | 'not-installed';

/** Methods that a workspace limits as a whole; posts are limited by channel. */
export type LimitedMethod =
  | 'chat.update'
  | 'chat.delete'
  | 'chat.postEphemeral'
  | 'conversations.info'
  | 'conversations.open'
  | 'views.publish';

/** A Retry-After, and what it holds up. */
export interface RateLimit {
  readonly retryAfterMs: number;
  readonly method: LimitedMethod | null;
}

/** The limit that a failure met; `null` if it met none. */
export function rateLimitOf(error: unknown): RateLimit | null {
  if (!(error instanceof PublishFailed) || error.retryAfterMs === null) return null;
  return { retryAfterMs: error.retryAfterMs, method: error.method };
}

export class PublishFailed extends Error {
  override name = 'PublishFailed';
  readonly code: PublishCode;
  /** For `rate-limited`: nothing under the same limit may be sent before. */
  readonly retryAfterMs: number | null;
  /** Whose limit it is: a method's, in its workspace; `null` for that of one channel. */
  readonly method: LimitedMethod | null;
  constructor(
    code: PublishCode,
    retryAfterMs: number | null,
    { method = null, ...options }: ErrorOptions & { method?: LimitedMethod | null } = {},
  ) {
    super(`the message was not published: ${code}`, options);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
    this.method = method;
  }
}

export interface Publisher {
  /**
   * Posts the surface, or edits its message. A message that cannot be edited any more is posted
   * anew. Returns where it stands now. @throws PublishFailed.
   */
  publish(surface: Surface, model: SurfaceModel): Promise<MessageRef>;
  /**
   * Takes away a message that shows the surface besides its own; where nobody may delete it, leaves
   * it without state and buttons. One that is gone already is no failure. @throws PublishFailed.
   */
  retract(surface: Surface, copy: MessageRef): Promise<void>;
  /** Tells one person, only visible to them where `from` names a channel. @throws PublishFailed. */
  tell(account: Account, from: MessageRef | null, note: Note, tenant: TenantId): Promise<void>;
  /** Says something in the thread of a card, for everybody who reads it. @throws PublishFailed. */
  say(under: ThreadOf, said: ThreadMessage, tenant: TenantId): Promise<void>;
}

/** The thread of a card that stands. */
export interface ThreadOf {
  readonly to: Recipient;
  readonly message: MessageRef;
}

/** What is said once in a thread, and not kept up to date. */
export type ThreadMessage = ThreadQuestion | ExpiringNote | DrillReportNote;

export interface ThreadQuestion {
  readonly kind: 'question';
  readonly card: BypassCard;
  readonly by: PersonView;
  /** As typed: hostile until rendered. */
  readonly text: string;
}
