import type { RespondFn } from '@slack/bolt';
import { noticeModal } from '../forms/notice-modal.ts';
import { answer } from './answer.ts';
import type { Asking, Dependencies } from './dependencies.ts';
import { openView } from './open-view.ts';
import { accountOf, workspaceOf, type MessagePress } from './payloads.ts';

/** Answers a press where it was made: a Home gives no response URL (docs.slack.dev/interactivity). */
export async function tellPresser(
  dependencies: Dependencies,
  press: MessagePress,
  respond: RespondFn | undefined,
  text: string,
): Promise<void> {
  if (respond !== undefined) return answer(respond, dependencies.log, text);
  const asking = {
    account: accountOf(press),
    team: workspaceOf(press),
    trigger: press.trigger_id,
  };
  return tellInDialog(dependencies, asking, text);
}

/** In a dialog, and where Slack opens none by a message: whoever waits for an answer gets one. */
export async function tellInDialog(
  dependencies: Dependencies,
  asking: Asking,
  text: string,
): Promise<void> {
  const { installations, words, log } = dependencies;
  const clients = installations.of(asking.team)?.clients;
  if (!clients) {
    log.warn({ team: asking.team }, 'nobody could be answered where the app is not known to be');
    return;
  }
  // The trigger that opened no form opens no dialog either.
  if (text !== words.ANSWERS.formNotOpened) {
    const view = noticeModal(text, words);
    const opened = await openView(clients, { trigger_id: asking.trigger, view }, log);
    if (opened.kind !== 'not-opened') return;
  }
  try {
    const { user: channel } = asking.account;
    await clients.interactive.chat.postMessage({ channel, text, unfurl_links: false });
  } catch (err) {
    log.warn({ err }, 'a private answer could not be given');
  }
}
