import type { Completion } from '#domain/bypass/verdict';
import type { BypassId, TenantId } from '#domain/ids';
import type { Instant } from '#domain/instant';
import type { Scope } from '#domain/scope';
import type { Account } from './account.ts';

/** What somebody asked for with a button or a form. Everything in it is input: ids are resolved and the person authorised when it is handled. */
export type PressAction =
  | { readonly kind: 'open'; readonly form: RequestForm }
  | { readonly kind: 'approve'; readonly bypass: BypassId; readonly ttlMs: number }
  | { readonly kind: 'deny'; readonly bypass: BypassId; readonly reason: string }
  | { readonly kind: 'withdraw'; readonly bypass: BypassId }
  | { readonly kind: 'close'; readonly bypass: BypassId }
  | { readonly kind: 'revoke'; readonly bypass: BypassId; readonly reason: string }
  | {
      readonly kind: 'extend';
      readonly bypass: BypassId;
      readonly ttlMs: number;
      readonly justification: string;
    }
  | (Completion & {
      readonly kind: 'complete';
      readonly bypass: BypassId;
      readonly outcome: string;
    })
  /** An approver looks at a request, or does not any more. */
  | { readonly kind: 'claim'; readonly bypass: BypassId; readonly on: boolean }
  /** What an approver wants to know before deciding. */
  | { readonly kind: 'ask'; readonly bypass: BypassId; readonly question: string }
  /** A message of the card's thread, for the timeline of its review. */
  | {
      readonly kind: 'mark';
      readonly bypass: BypassId;
      /** The message, as Slack calls it in its channel. */
      readonly ts: string;
      readonly author: Account | null;
      readonly said: string;
      readonly saidAt: Instant;
    };

/** The bypass that a press is about; `null` where it asks for one. */
export function aboutBypass(action: PressAction): BypassId | null {
  return action.kind === 'open' ? null : action.bypass;
}

/** The modal's fields, parsed but not judged. */
export interface RequestForm {
  readonly gate: string;
  readonly scope: Scope;
  readonly severity: string | null;
  readonly justification: string;
  readonly ttlMs: number;
  /** A reference or link, as typed. */
  readonly incident: string | null;
  /** The Slack channel whose card follows the bypass; `null` takes the policy's. */
  readonly channel: string | null;
  readonly drill: boolean;
}

export interface NewPress {
  readonly tenant: TenantId;
  /** The same for every delivery of one press, so that a repeated delivery is one press. */
  readonly key: string;
  readonly account: Account;
  readonly action: PressAction;
  /** The message that was pressed; the private answer goes to its channel. */
  readonly from: MessageRef | null;
  /** By Slack unless it says so. */
  readonly via?: PressWay;
  /** What led to it, as W3C Trace Context writes that; its job goes on with it. */
  readonly trace?: string;
}

/** `link`: by the page that a link in a page leads to, after a sign-in at the identity provider. */
export type PressWay = 'slack' | 'link';

export interface MessageRef {
  readonly channel: string;
  readonly ts: string;
  /** The workspace it stands in, where that may be another than the person's. */
  readonly team?: string;
}

/** Durable when the promise resolves: only then may the press be acknowledged. */
export interface PressStore {
  store(press: NewPress): Promise<void>;
}
