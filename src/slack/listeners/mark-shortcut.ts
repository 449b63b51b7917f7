import type { App } from '@slack/bolt';
import { MARK_MOST } from '#application/ports/timeline-marks';
import { SHORTCUTS } from '../action-ids.ts';
import { unescapeSlack } from '../forms/unescape-slack.ts';
import { within } from '../within.ts';
import { READ_LIMIT_MS, STORE_LIMIT_MS, tenantOf, type Dependencies } from './dependencies.ts';
import { accountOf, markPress, workspaceOf, type MarkPress } from './payloads.ts';
import { pressKey } from './press-key.ts';
import { tellInDialog } from './tell.ts';

/** A message of a card's thread, taken into the timeline of the review: stored first, answered then. */
export function listenToMarks(app: App, dependencies: Dependencies): void {
  app.shortcut(SHORTCUTS.mark, async ({ body, ack }) => {
    const press = markPress.parse(body);
    const said = await take(dependencies, press);
    await ack();
    const asking = {
      account: accountOf(press),
      team: workspaceOf(press),
      trigger: press.trigger_id,
    };
    await tellInDialog(dependencies, asking, said);
  });
}

async function take(dependencies: Dependencies, press: MarkPress): Promise<string> {
  const { words, forms, presses, log } = dependencies;
  const { channel, message } = press;
  try {
    const tenant = await tenantOf(dependencies, workspaceOf(press));
    if (tenant === null) return words.ANSWERS.notSetUp;
    const { ts, thread_ts: parent } = message;
    // The cards themselves say what the log says already.
    const isAnswer = parent !== undefined && parent !== ts;
    const bypass = isAnswer
      ? await within(READ_LIMIT_MS, forms.bypassShownAt(tenant, channel.id, parent))
      : null;
    if (bypass === null) return words.ANSWERS.notInThread;
    const said = unescapeSlack(message.text).slice(0, MARK_MOST).toWellFormed().trim();
    if (said === '') return words.ANSWERS.nothingSaid;
    const account = accountOf(press);
    const { user, team = account.team } = message;
    const author = user === undefined ? null : { team, user };
    const saidAt = Math.floor(Number(ts) * 1000);
    const action = { kind: 'mark', bypass, ts, author, said, saidAt } as const;
    const key = pressKey(account, press.trigger_id);
    await within(STORE_LIMIT_MS, presses.store({ tenant, key, account, action, from: null }));
    return words.ANSWERS.markTaken;
  } catch (err) {
    log.error({ err }, 'a message could not be taken into a timeline');
    return words.ANSWERS.pressNotStored;
  }
}
