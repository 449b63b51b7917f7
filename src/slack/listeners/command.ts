import type { App, RespondFn } from '@slack/bolt';
import type { FormChoices } from '#application/ports/request-forms';
import type { TenantId } from '#domain/ids';
import { COMMAND } from '../action-ids.ts';
import { parseCommandText, type ParsedCommand } from '../forms/parse-command-text.ts';
import { isFillable, requestModal } from '../forms/request-modal.ts';
import { ANSWERS, helpWords } from '../words/answers.ts';
import { within } from '../within.ts';
import { answer } from './answer.ts';
import { READ_LIMIT_MS, tenantOf, type Dependencies } from './dependencies.ts';
import { openView } from './open-view.ts';
import { commandBody } from './payloads.ts';
import { showPreview } from './preview.ts';

interface Ready {
  readonly tenant: TenantId;
  readonly choices: FormChoices;
  readonly parsed: ParsedCommand;
}

/** `/breakglass`: the form, filled in as far as the text goes. */
export function listenToCommand(app: App, dependencies: Dependencies): void {
  app.command(COMMAND, async ({ body, ack, respond }) => {
    const typed = commandBody.parse(body);
    const ready = await prepare(dependencies, typed.team_id, typed.text);
    if (typeof ready === 'string') return ack({ response_type: 'ephemeral', text: ready });
    // Acknowledged before the form opens: from here on Slack's 3 s bind only the trigger.
    await ack();
    await openForm(dependencies, typed, ready, respond);
  });
}

/** What the form needs, or the answer to give instead. */
async function prepare(
  dependencies: Dependencies,
  team: string,
  text: string,
): Promise<Ready | string> {
  try {
    const tenant = await tenantOf(dependencies, team);
    if (tenant === null) return ANSWERS.notSetUp;
    const choices = await within(READ_LIMIT_MS, dependencies.forms.choices(tenant));
    const parsed = parseCommandText(text, choices);
    if (parsed.help) return helpWords(choices);
    return isFillable(choices) ? { tenant, choices, parsed } : ANSWERS.emptyPolicy;
  } catch (err) {
    dependencies.log.error({ err }, 'a command could not be prepared');
    return ANSWERS.policyUnavailable;
  }
}

async function openForm(
  dependencies: Dependencies,
  typed: { team_id: string; user_id: string; trigger_id: string },
  { tenant, choices, parsed }: Ready,
  respond: RespondFn,
): Promise<void> {
  const { installations, log } = dependencies;
  const { values, drill } = parsed;
  const team = typed.team_id;
  const clients = installations.of(team)?.clients;
  if (!clients) return answer(respond, log, ANSWERS.formNotOpened);
  const view = requestModal({ choices, values, preview: { kind: 'incomplete' }, drill });
  const opened = await openView(clients, { trigger_id: typed.trigger_id, view }, log);
  if (opened.kind === 'not-opened') return answer(respond, log, ANSWERS.formNotOpened);
  if (opened.kind === 'open-already') return;
  if (values.service === null && values.environment === null) return;
  const account = { team, user: typed.user_id };
  await showPreview(dependencies, {
    team,
    tenant,
    account,
    choices,
    values,
    drill,
    view: opened.view,
  });
}
