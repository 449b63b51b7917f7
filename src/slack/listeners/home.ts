import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import type { TenantId } from '#domain/ids';
import type { Standing } from '#domain/policy/look-up';
import { ACTIONS } from '../action-ids.ts';
import { EMPTY_FORM } from '../forms/form-values.ts';
import { isFillable } from '../forms/request-modal.ts';
import { showModal } from '../forms/show-modal.ts';
import { within } from '../within.ts';
import { bypassOf } from './buttons.ts';
import {
  READ_LIMIT_MS,
  STANDING_LIMIT_MS,
  STORE_LIMIT_MS,
  tenantOf,
  type Asking,
  type Dependencies,
} from './dependencies.ts';
import { formRefusal, openRequestForm } from './open-request-form.ts';
import { openView } from './open-view.ts';
import { accountOf, homeOpened, messagePress, workspaceOf, type MessagePress } from './payloads.ts';
import { tellInDialog } from './tell.ts';

/** The Home tab: looking at it brings it up to date, and its buttons open forms. */
export function listenToHome(app: App, dependencies: Dependencies): void {
  app.event('app_home_opened', async ({ body }) => opened(dependencies, body));
  const on = (action: string, open: Open) =>
    app.action(action, async ({ body, ack }) => {
      await ack();
      await openFrom(dependencies, messagePress.parse(body), open);
    });
  on(ACTIONS.request, askForm);
  on(ACTIONS.show, show);
}

async function opened({ homes, ...dependencies }: Dependencies, body: unknown): Promise<void> {
  const { team_id: team, event } = homeOpened.parse(body);
  if (event.tab !== 'home') return;
  const tenant = await tenantOf({ homes, ...dependencies }, team);
  if (tenant === null) return;
  await within(STORE_LIMIT_MS, homes.opened(tenant, { team, user: event.user }));
}

/** Opens its view itself and gives `null`, or gives one to open, or words to say instead. */
type Open = (
  dependencies: Dependencies,
  about: { readonly tenant: TenantId; readonly asking: Asking; readonly press: MessagePress },
) => Promise<ModalView | string | null>;

const askForm: Open = async (dependencies, { tenant, asking }) => {
  const refused = await formRefusal(dependencies, tenant, asking);
  if (refused !== null) return refused;
  const choices = await within(READ_LIMIT_MS, dependencies.forms.choices(tenant));
  if (!isFillable(choices)) return dependencies.words.ANSWERS.emptyPolicy;
  const start = { tenant, choices, values: EMPTY_FORM, drill: false };
  return openRequestForm(dependencies, asking, start);
};

/** Nothing is shown to somebody whose standing is not known. */
const show: Open = async ({ forms, words }, { tenant, asking, press }) => {
  const standing: Standing = await within(
    STANDING_LIMIT_MS,
    forms.standing(tenant, asking.account),
  );
  if (standing !== 'member') return words.standingWords(standing);
  const card = await within(READ_LIMIT_MS, forms.card(tenant, bypassOf(press)));
  return card === null ? words.ANSWERS.unknownBypass : showModal(card, words);
};

/** A Home has no place for an answer but a dialog. */
async function openFrom(
  dependencies: Dependencies,
  press: MessagePress,
  open: Open,
): Promise<void> {
  const { installations, words, log } = dependencies;
  const asking = {
    account: accountOf(press),
    team: workspaceOf(press),
    trigger: press.trigger_id,
  };
  const view = await viewOf(dependencies, asking, press, open);
  if (view === null) return;
  if (typeof view === 'string') return tellInDialog(dependencies, asking, view);
  const clients = installations.of(asking.team)?.clients;
  const opened = clients && (await openView(clients, { trigger_id: press.trigger_id, view }, log));
  if (opened?.kind !== 'open' && opened?.kind !== 'open-already')
    await tellInDialog(dependencies, asking, words.ANSWERS.formNotOpened);
}

async function viewOf(
  dependencies: Dependencies,
  asking: Asking,
  press: MessagePress,
  open: Open,
): Promise<ModalView | string | null> {
  try {
    const tenant = await tenantOf(dependencies, asking.team);
    if (tenant === null) return dependencies.words.ANSWERS.notSetUp;
    return await open(dependencies, { tenant, asking, press });
  } catch (err) {
    dependencies.log.error({ err }, 'a press on a Home could not be answered');
    return dependencies.words.ANSWERS.policyUnavailable;
  }
}
