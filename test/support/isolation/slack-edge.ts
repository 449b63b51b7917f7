import type { WebClient } from '@slack/web-api';
import { pino } from 'pino';
import { mineReader } from '#application/forms/mine';
import { requestForms } from '#application/forms/request-forms';
import type { Meant } from '#application/ports/mine';
import { ACTIONS, MODALS } from '#slack/action-ids';
import type { SlackClients } from '#slack/clients/slack-clients';
import { Newest } from '#slack/listeners/newest';
import { en } from '#slack/words/words';
import type { Replica } from '#test/support/application/replica';
import type { TestTenant } from '#test/support/application/test-tenant';
import { PEOPLE } from '#test/support/application/policy-document';
import { recordedListeners } from './recorded-listeners.ts';

/**
 * Everything that a member of this tenant can do in its workspace, over the real stores; what is shown
 * to them in a dialog is kept in `views`.
 */
export function slackEdge(replica: Replica, tenant: TestTenant) {
  const { ports, stores } = replica;
  const { team } = tenant.account(PEOPLE.onCall);
  const views: unknown[] = [];
  const show = async ({ view }: { readonly view?: unknown }) => {
    views.push(view);
    return { ok: true, view: { id: 'V0MODAL', hash: 'hash' } };
  };
  // The listeners call nothing else of Slack than these two methods.
  const interactive = { views: { open: show, update: show } } as unknown as WebClient;
  const clients: SlackClients = { interactive, delivery: interactive, lookUps: interactive };
  const installation = { team, botUserId: 'U0BOT', clients };
  const find = (asked: string | null) => (asked === team ? installation : null);
  const forms = requestForms({
    ...ports,
    tenants: stores.tenants,
    paged: async () => false,
    channelStanding: async () => 'ok',
  });
  const listeners = recordedListeners({
    forms,
    presses: stores.presses,
    copies: stores.surfaces,
    installations: {
      isKnown: true,
      whenMissing: 'rejected',
      of: find,
      find: async (asked) => find(asked),
      isLost: async () => false,
      warm: async (asked) => find(asked),
    },
    suspect: async () => undefined,
    log: pino({ level: 'silent' }),
    words: en,
    newest: new Newest(),
    mine: mineReader(ports),
    homes: stores.homes,
  });
  return { listeners, views };
}

/** A payload with every member that any listener reads, about this id, from somebody who may ask in the tenant. */
function payloadAbout(
  tenant: TestTenant,
  name: string,
  id: string,
  text: string,
): Readonly<Record<string, unknown>> {
  const { team, user } = tenant.account(PEOPLE.onCall);
  return {
    team_id: team,
    user_id: user,
    team: { id: team },
    user: { id: user, team_id: team },
    trigger_id: `trigger of ${name} about ${id} ${text}`,
    text,
    container: { channel_id: 'C0INCIDENT', message_ts: '1.1' },
    channel: { id: 'C0INCIDENT', name: 'incidents' },
    message: { text: `see ${id}`, ts: '2.1', thread_ts: '1.1', user },
    event: { user, tab: 'home' },
    action_id: name,
    value: id,
    actions: [{ action_id: name, block_id: `row:${id}`, value: id }],
    state: { values: ENTERED },
    view: {
      // A request that is sent again is one request, whatever it is tried with.
      id: name === MODALS.request ? 'V0REQUEST' : `V-${name}-${id}`,
      hash: 'hash',
      callback_id: name,
      private_metadata: metadataOf(name, id),
      state: { values: ENTERED },
    },
  };
}

const metadataOf = (name: string, id: string): string =>
  JSON.stringify(
    name === MODALS.request || !Object.values<string>(MODALS).includes(name)
      ? { drill: false }
      : { bypass: id, from: { channel: 'C0INCIDENT', ts: '1.1' } },
  );

const chosen = (value: string) => ({ selected_option: { value } });
/** Whole enough that no form is refused for what is not filled in. */
const ENTERED = {
  form: {
    gate: chosen('image-policy'),
    service: chosen('checkout'),
    environment: chosen('production'),
    ttl: chosen('900000'),
    [ACTIONS.ttl]: chosen('900000'),
    justification: { value: 'because' },
    reason: { value: 'because' },
  },
};

/** The acts that can be typed: a new one does not compile without. */
const TYPED: Readonly<Record<Meant['act'], true>> = {
  status: true,
  extend: true,
  close: true,
  withdraw: true,
};

/** Each thing that is listened to, about each of these ids and this entry. */
export function everyPayload(
  { listeners }: ReturnType<typeof slackEdge>,
  tenant: TestTenant,
  ids: readonly string[],
  entry: number,
) {
  return listeners.flatMap((listener) => {
    const { kind, name } = listener;
    const typed = (id: string) =>
      Object.keys(TYPED).flatMap((one) => [`${one} #${entry}`, `${one} ${id}`]);
    const texts = (id: string) => (kind === 'command' ? [...typed(id), 'list', id] : ['']);
    return ids.flatMap((id) =>
      texts(id).map((text) => ({
        name: `${kind} ${name} ${text}`,
        act: () => listener.act(payloadAbout(tenant, name, id, text)),
      })),
    );
  });
}
