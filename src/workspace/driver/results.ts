import type { DeliveryFailure } from '../delivery/delivery.ts';
import type { Message } from '../store/message.ts';
import type { StoredView } from '../store/view.ts';

/** The app did not take what the person did; `shown` is what Slack shows them then. */
export interface Failure {
  ok: false;
  error: DeliveryFailure | 'unknown_command' | 'invalid_response';
  shown: string;
  /** What was wrong with the app's answer. */
  details?: string[];
}

/** `reply` is the message that the acknowledgement itself carried. */
export type CommandResult = { ok: true; reply?: Message } | Failure;

/** What a confirmation dialog said. */
export interface ConfirmDialog {
  title: string;
  text: string;
  confirm: string;
  deny: string;
}

export type PressResult =
  | { ok: true; confirm?: ConfirmDialog; url?: string; dismissed?: true }
  | Failure;

/** After a submission: everything closed, errors by block id, or the view that is now on top. */
export type SubmitResult =
  | { closed: true }
  | { errors: Record<string, string> }
  | { view: StoredView }
  | { failed: Failure };
