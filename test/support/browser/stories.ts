import type { BrowserContextOptions } from 'playwright-core';
import type { Part } from '#cli/demo/company';
import type { SlackWindow } from './slack-window.ts';

/** Whoever takes part, each in a window of their own. */
export interface Cast {
  /** Kept from one call to the next. */
  as(person: Part | 'guest' | 'bystander', device?: BrowserContextOptions): Promise<SlackWindow>;
  /** Called where a picture is worth taking. */
  seen(name: string, window: SlackWindow): Promise<void>;
}

export interface Asked {
  /** What the command says after `/breakglass`. */
  readonly command: string;
  readonly why: string;
}

/** The on-call asks in #incidents and sends the form once it says who will be asked. */
export async function ask(cast: Cast, { command, why }: Asked): Promise<void> {
  const onCall = await cast.as('onCall');
  await onCall.openChannel('incidents');
  await onCall.send('incidents', `/breakglass ${command}`);
  const form = await onCall.form('Break-glass');
  await form.getByText('asked at once').waitFor();
  await onCall.fill('Why', why);
  await cast.seen('form', onCall);
  await onCall.submit('Ask');
}

/** One who is asked approves in the direct message. `why` is what tells this request from others. */
export async function approve(cast: Cast, person: Part, why: string): Promise<void> {
  const window = await cast.as(person);
  await window.openApp();
  const asked = await window.message(why);
  await asked.getByRole('button', { name: 'Approve' }).waitFor();
  await cast.seen('asked', window);
  await asked.getByRole('button', { name: 'Approve' }).click();
  await asked.getByRole('button', { name: 'Approve' }).waitFor({ state: 'detached' });
  await cast.seen('approved', window);
}

/** Presses a button of the card in #incidents that leads to a form, and sends it. */
export async function pressOnCard(
  cast: Cast,
  person: Parameters<Cast['as']>[0],
  card: string | RegExp,
  button: string,
  form: { readonly title: string; readonly label: string; readonly submit: string },
  reason: string,
): Promise<void> {
  const window = await cast.as(person);
  await window.openChannel('incidents');
  await window.press(card, button);
  await window.form(form.title);
  await window.fill(form.label, reason);
  await cast.seen(form.submit.toLowerCase(), window);
  await window.submit(form.submit);
}

/** What everybody sees in #incidents, once it says so. */
export async function incidentsSay(
  cast: Cast,
  person: Parameters<Cast['as']>[0],
  saying: string | RegExp,
): Promise<string> {
  const window = await cast.as(person);
  await window.openChannel('incidents');
  const found = await window.message(saying);
  await cast.seen('card', window);
  return found.innerText();
}
