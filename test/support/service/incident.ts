import { renderMessageText, type Message, type Workspace } from '#workspace/workspace';
import { INCIDENTS, PEOPLE } from './acme.ts';
import { LONGEST_MS } from './installation.ts';

/** One request in Slack, as the people around it see and press it. */
export interface Incident {
  /** The card in the incident channel, as it stands now. */
  card(): Message;
  /** Waits until the card says so; whoever reads it, a peer does. */
  cardSays(words: string): Promise<Message>;
  /** Waits for the message that asks this person, and presses Approve. Gives whether it was taken. */
  approve(person: string): Promise<boolean>;
  /** Waits for the message that asks this person, and says there that they look at it. */
  claim(person: string): Promise<void>;
  /** The same, and asks a question there. */
  question(person: string): Promise<void>;
  /** The message that asks this person to approve, once it is there. */
  asked(person: string): Promise<Message>;
  /** Presses a button of the card. */
  press(person: string, button: string): Promise<void>;
  /** Waits for the review, fills it in, and waits until it is taken. */
  completeReview(person: string): Promise<void>;
}

/** What an approver asks before deciding. */
export const QUESTION = 'Is it the image of yesterday?';

const keyOf = ({ channel, ts }: Message): string => `${channel} ${ts}`;

/** Every message that stands now, whoever sees it. */
export function standing(workspace: Workspace): ReadonlySet<string> {
  const all = workspace.people().flatMap(({ id }) => workspace.as(id).inbox());
  return new Set(all.map(keyOf));
}

export function textOf(workspace: Workspace, person: string, message: Message): string {
  return renderMessageText(message, workspace.readerFor(person));
}

/**
 * Types `gate service environment …` in the incident channel and sends the form. Gives once the
 * card stands.
 */
export async function request(
  workspace: Workspace,
  command: string,
  person: string = PEOPLE.onCall,
): Promise<Incident> {
  const before = standing(workspace);
  await sendForm(workspace, command, person);
  return awaitCard(workspace, command, before);
}

/** The command and its form, without waiting for what comes of it. */
export async function sendForm(
  workspace: Workspace,
  command: string,
  person: string = PEOPLE.onCall,
): Promise<void> {
  const requester = workspace.as(person);
  const answer = await requester.command('/breakglass', command, INCIDENTS);
  if (!answer.ok) throw new Error(`the command failed: ${answer.shown}`);
  await workspace.waitForView(
    person,
    (view) => JSON.stringify(view.blocks).includes('asked at once'),
    { timeoutMs: LONGEST_MS },
  );
  requester.fillView({ justification: 'Checkout is down, the rollback image is unsigned.' });
  const submitted = await requester.submitView();
  if (!('closed' in submitted))
    throw new Error(`the form was not taken: ${JSON.stringify(submitted)}`);
}

/** The incident whose card stands since `before`. */
export async function awaitCard(
  workspace: Workspace,
  command: string,
  before: ReadonlySet<string> = new Set(),
): Promise<Incident> {
  const [, service = '', environment = ''] = command.split(' ');
  const isOfIt = (person: string, message: Message): boolean => {
    const text = textOf(workspace, person, message);
    return !before.has(keyOf(message)) && text.includes(service) && text.includes(environment);
  };
  const card = await workspace.waitForMessage(
    PEOPLE.peer,
    (message) =>
      message.channel === INCIDENTS &&
      message.thread_ts === undefined &&
      isOfIt(PEOPLE.peer, message),
    { timeoutMs: LONGEST_MS },
  );
  return incident(workspace, card, isOfIt);
}

function incident(
  workspace: Workspace,
  { channel, ts }: Message,
  isOfIt: (person: string, message: Message) => boolean,
): Incident {
  const see = (person: string, match: (text: string, message: Message) => boolean) =>
    workspace.waitForMessage(
      person,
      (message) => match(textOf(workspace, person, message), message),
      { timeoutMs: LONGEST_MS },
    );
  const direct = (person: string, button: string) =>
    see(
      person,
      (text, message) =>
        message.channel.startsWith('D') && text.includes(button) && isOfIt(person, message),
    );
  const card = (): Message => {
    const all = workspace.as(PEOPLE.peer).messages(channel);
    const found = all.find((message) => message.ts === ts);
    if (found === undefined) throw new Error('the card is gone');
    return found;
  };
  return {
    card,
    cardSays: (words) =>
      see(
        PEOPLE.peer,
        (text, message) => message.channel === channel && message.ts === ts && text.includes(words),
      ),
    asked: (person) => direct(person, '[Approve]'),
    async approve(person) {
      const message = await direct(person, '[Approve]');
      return (await workspace.as(person).press(message, 'Approve')).ok;
    },
    async claim(person) {
      const message = await direct(person, '[Approve]');
      await workspace.as(person).press(message, 'bypass_claim');
    },
    async question(person) {
      const message = await direct(person, '[Approve]');
      await workspace.as(person).press(message, 'bypass_question');
      await workspace.waitForView(person, () => true, { timeoutMs: LONGEST_MS });
      workspace.as(person).fillView({ reason: QUESTION });
      const submitted = await workspace.as(person).submitView();
      if (!('closed' in submitted))
        throw new Error(`the question was not taken: ${JSON.stringify(submitted)}`);
    },
    async press(person, button) {
      const pressed = await workspace.as(person).press(card(), button);
      if (!pressed.ok) throw new Error(`${button} was not taken: ${pressed.shown}`);
    },
    async completeReview(person) {
      const mine = await direct(person, '[Complete');
      await workspace.as(person).press(mine, 'post_mortem_complete');
      await workspace.waitForView(person, () => true, { timeoutMs: LONGEST_MS });
      workspace.as(person).fillView({
        verdict: 'avoidable',
        reason: 'Sign rollback images when they are built.',
      });
      const submitted = await workspace.as(person).submitView();
      if (!('closed' in submitted))
        throw new Error(`the review was not taken: ${JSON.stringify(submitted)}`);
      await see(
        person,
        (text, message) => keyOf(message) === keyOf(mine) && text.includes('. Completed'),
      );
    },
  };
}
