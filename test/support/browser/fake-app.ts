/* oxlint-disable unicorn/require-post-message-target-origin -- Slack's chat.postMessage, not a window's */
import type { App } from '@slack/bolt';
import type { KnownBlock, ModalView } from '@slack/types';
import { ANA, BEN, INCIDENTS, plain, section } from '#test/slack/workspace/acme';

/** What the app that the browser tests use does: a form, cards with buttons, threads, a Home tab. */
const option = (value: string) => ({ text: plain(value), value });

const SERVICES = ['checkout', 'ledger', 'search'];

function form(preview = 'Nobody is asked yet'): ModalView {
  return {
    type: 'modal',
    callback_id: 'request',
    title: plain('Break glass'),
    submit: plain('Request'),
    blocks: [
      {
        type: 'input',
        block_id: 'service',
        dispatch_action: true,
        label: plain('Service'),
        element: {
          type: 'static_select',
          action_id: 'service',
          placeholder: plain('Choose'),
          options: SERVICES.map(option),
        },
      },
      {
        type: 'input',
        block_id: 'why',
        label: plain('Why'),
        hint: plain('What is broken'),
        element: { type: 'plain_text_input', action_id: 'why', multiline: true, max_length: 200 },
      },
      {
        type: 'input',
        block_id: 'tell',
        optional: true,
        label: plain('Tell'),
        element: { type: 'multi_users_select', action_id: 'tell' },
      },
      { ...section(preview), block_id: 'preview' },
    ],
  };
}

function card(why: string): KnownBlock[] {
  return [
    { type: 'header', text: plain('Asked to open a gate') },
    section(`<@${ANA}> asks: ${why}, at <!date^1790000000^{date_num} {time}|x>`),
    {
      type: 'section',
      block_id: 'ttl',
      text: plain('Grant for'),
      accessory: {
        type: 'radio_buttons',
        action_id: 'ttl',
        options: [option('15 minutes'), option('1 hour')],
      },
    },
    {
      type: 'actions',
      block_id: 'decide',
      elements: [
        {
          type: 'button',
          action_id: 'approve',
          style: 'primary',
          text: plain('Approve'),
          confirm: {
            title: plain('Approve?'),
            text: plain('The gate opens.'),
            confirm: plain('Yes'),
            deny: plain('No'),
          },
        },
        { type: 'button', action_id: 'deny', style: 'danger', text: plain('Deny') },
        { type: 'button', action_id: 'unheard', text: plain('Unheard') },
      ],
    },
  ];
}

/** Has the app listen; it is not started yet. */
export function teach(app: App): void {
  app.command('/breakglass', async ({ ack, client, command }) => {
    if (command.text === 'help') return ack('Type `/breakglass` alone.');
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view: form() });
  });
  app.shortcut('ask', async ({ ack, client, shortcut }) => {
    await ack();
    await client.views.open({ trigger_id: shortcut.trigger_id, view: form() });
  });
  app.action('service', async ({ ack, client, body, action }) => {
    await ack();
    const chosen = action.type === 'static_select' ? action.selected_option.value : '';
    if (body.type !== 'block_actions' || !body.view) return;
    await client.views.update({ view_id: body.view.id, view: form(`${chosen} asks two people`) });
  });
  app.view('request', async ({ ack, client, view, body }) => {
    const why = view.state.values['why']?.['why']?.value ?? '';
    if (why.includes('because')) {
      return ack({ response_action: 'errors', errors: { why: 'Say what is broken.' } });
    }
    await ack();
    const blocks = card(why);
    await client.chat.postMessage({ channel: BEN, text: why, blocks });
    const { ts } = await client.chat.postMessage({ channel: INCIDENTS, text: why, blocks });
    if (ts === undefined) throw new Error('The card was not posted.');
    await client.chat.postMessage({ channel: INCIDENTS, thread_ts: ts, text: 'Ben was asked.' });
    const user = body.user.id;
    await client.chat.postEphemeral({ channel: INCIDENTS, user, text: 'Your request is out.' });
  });
  app.action('ttl', ({ ack }) => ack());
  app.action('approve', async ({ ack, client, body }) => {
    await ack();
    if (body.type !== 'block_actions' || !body.channel || !body.message) return;
    const chosen = body.state?.values['ttl']?.['ttl']?.selected_option?.text.text ?? 'no time';
    const blocks = [section(`Approved by <@${body.user.id}> for ${chosen}`)];
    const at = { channel: body.channel.id, ts: body.message['ts'] };
    await client.chat.update({ ...at, text: 'Approved', blocks });
  });
  app.action('deny', async ({ ack, client, body }) => {
    await ack();
    if (body.type !== 'block_actions') return;
    await client.views.open({ trigger_id: body.trigger_id, view: reasons });
  });
  app.action('policy', async ({ ack, client, body }) => {
    await ack();
    if (body.type !== 'block_actions') return;
    await client.views.push({ trigger_id: body.trigger_id, view: policy });
  });
  app.event('app_home_opened', async ({ client, event }) => {
    const blocks = [section('Nothing is open.')];
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
  });
}

const reasons: ModalView = {
  type: 'modal',
  title: plain('Deny'),
  submit: plain('Deny'),
  blocks: [
    {
      type: 'actions',
      elements: [{ type: 'button', action_id: 'policy', text: plain('See the policy') }],
    },
  ],
};

const policy: ModalView = {
  type: 'modal',
  title: plain('Policy'),
  blocks: [section('Two people decide.')],
};
