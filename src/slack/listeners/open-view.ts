import type { ModalView } from '@slack/types';
import type { Logger } from 'pino';
import { callFailureOf } from '../clients/call-failure.ts';
import type { SlackClients } from '../clients/slack-clients.ts';

export type OpenedView =
  | { readonly kind: 'open'; readonly view: { readonly id: string; readonly hash: string } }
  /** It is open, by another delivery of the same act or by a try whose answer was lost. */
  | { readonly kind: 'open-already' }
  | { readonly kind: 'not-opened' };

/** With a lost answer only a second try tells whether the form is open. */
const TRIES = 2;

/**
 * Opens a form for somebody who pressed or typed. A trigger serves once, so `exchanged_trigger_id`
 * means that the form is open (docs.slack.dev/reference/methods/views.open): the person is to be told
 * nothing then.
 */
export async function openView(
  { interactive }: SlackClients,
  { trigger_id, view }: { readonly trigger_id: string; readonly view: ModalView },
  log: Logger,
): Promise<OpenedView> {
  for (let left = TRIES; ; left -= 1) {
    try {
      const { id, hash } = (await interactive.views.open({ trigger_id, view })).view ?? {};
      const isWhole = id !== undefined && hash !== undefined;
      return isWhole ? { kind: 'open', view: { id, hash } } : { kind: 'open-already' };
    } catch (err) {
      const failure = callFailureOf(err);
      if (failure.kind === 'refused' && failure.error === 'exchanged_trigger_id')
        return { kind: 'open-already' };
      const mayBeOpen = failure.kind === 'unanswered' || failure.kind === 'unreached';
      if (mayBeOpen && left > 1) continue;
      log.warn({ err, failure }, 'a form could not be opened');
      return { kind: 'not-opened' };
    }
  }
}
