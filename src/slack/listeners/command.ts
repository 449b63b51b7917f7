import type { App } from '@slack/bolt';
import { NoPolicy, type FormChoices } from '#application/ports/request-forms';
import type { TenantId } from '#domain/ids';
import { COMMAND } from '../action-ids.ts';
import type { RenderedMessage } from '../block-kit/check.ts';
import { listAnswer } from '../cards/list-answer.ts';
import { policyAnswer } from '../cards/policy-answer.ts';
import { parseCommand, type ParsedCommand } from '../forms/parse-command.ts';
import { isFillable } from '../forms/request-modal.ts';
import { within } from '../within.ts';
import { actOnCommand } from './command-act.ts';
import { answer } from './answer.ts';
import { formRefusal, openRequestForm } from './open-request-form.ts';
import {
  LIST_LIMIT_MS,
  READ_LIMIT_MS,
  tenantOf,
  type Dependencies,
  type Asking,
} from './dependencies.ts';
import { commandBody } from './payloads.ts';

/** What to say at once, or what to do once the command is acknowledged. */
type Reply = string | RenderedMessage | (() => Promise<string | null>);

/** `/breakglass`: a form, filled in as far as the text goes, an answer, or an act. */
export function listenToCommand(app: App, dependencies: Dependencies): void {
  app.command(COMMAND, async ({ body, ack, respond }) => {
    const { team_id: team, user_id: user, trigger_id: trigger, text } = commandBody.parse(body);
    const asking = { account: { team, user }, team, trigger };
    const reply = await replyTo(dependencies, asking, text);
    if (typeof reply === 'string') return ack({ response_type: 'ephemeral', text: reply });
    if (typeof reply !== 'function') return ack({ response_type: 'ephemeral', ...reply });
    // Acknowledged before a form opens: from here on Slack's 3 s bind only the trigger.
    await ack();
    const said = await done(dependencies, reply);
    if (said !== null) await answer(respond, dependencies.log, said);
  });
}

/** What is left to say. Whoever typed waits: they hear of a failure as well. */
async function done(
  { words, log }: Dependencies,
  act: () => Promise<string | null>,
): Promise<string | null> {
  try {
    return await act();
  } catch (err) {
    log.error({ err }, 'what a command asks for could not be done');
    return words.ANSWERS.formNotOpened;
  }
}

async function replyTo(dependencies: Dependencies, asking: Asking, text: string): Promise<Reply> {
  try {
    const tenant = await tenantOf(dependencies, asking.team);
    if (tenant === null) return dependencies.words.ANSWERS.notSetUp;
    const choices = await within(READ_LIMIT_MS, dependencies.forms.choices(tenant));
    return await replyIn(dependencies, asking, { tenant, choices }, parseCommand(text, choices));
  } catch (err) {
    if (err instanceof NoPolicy) return dependencies.words.ANSWERS.notSetUp;
    dependencies.log.error({ err }, 'a command could not be answered');
    return dependencies.words.ANSWERS.policyUnavailable;
  }
}

async function replyIn(
  dependencies: Dependencies,
  asking: Asking,
  { tenant, choices }: { readonly tenant: TenantId; readonly choices: FormChoices },
  parsed: ParsedCommand,
): Promise<Reply> {
  switch (parsed.sub) {
    case 'help':
      return dependencies.words.helpWords(choices);
    case 'list':
      return listAnswer(
        await within(LIST_LIMIT_MS, dependencies.mine.mine(tenant, asking.account)),
        dependencies.words,
      );
    case 'policy':
      return policyAnswer(
        await within(LIST_LIMIT_MS, dependencies.mine.policy(tenant, asking.account)),
        dependencies.words,
      );
    case 'open':
      if (!isFillable(choices)) return dependencies.words.ANSWERS.emptyPolicy;
      return (
        (await formRefusal(dependencies, tenant, asking)) ??
        (() => openRequestForm(dependencies, asking, { tenant, choices, ...parsed }))
      );
    case 'status':
    case 'extend':
    case 'close':
    case 'withdraw':
      return actOnCommand(dependencies, asking, tenant, parsed);
  }
}
