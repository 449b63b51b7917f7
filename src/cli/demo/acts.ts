import { type Message, type Workspace } from '#workspace/workspace';
import { INCIDENTS } from './company.ts';

/** Far beyond anything the demo waits for; what takes longer has failed. */
const LONGEST_WAIT_MS = 45_000;
const WAIT = { timeoutMs: LONGEST_WAIT_MS };

/** Something did not go as the product promises. */
export class DemoFailed extends Error {
  override name = 'DemoFailed';
  readonly code = 'demo-failed';
}

/**
 * Types `/breakglass <command>` in the incident channel; gives once the form shows what the policy
 * asks, which comes a moment after it opens. @throws DemoFailed
 */
export async function openForm(workspace: Workspace, user: string, command: string): Promise<void> {
  const answer = await workspace.as(user).command('/breakglass', command, INCIDENTS);
  if (!answer.ok) throw new DemoFailed(`the command failed: ${answer.shown}`);
  await workspace.waitForView(
    user,
    (view) => JSON.stringify(view.blocks).includes('asked at once'),
    WAIT,
  );
}

/** Sends the form that is open. @throws DemoFailed */
export async function sendForm(workspace: Workspace, user: string): Promise<void> {
  const submitted = await workspace.as(user).submitView();
  if (!('closed' in submitted))
    throw new DemoFailed(`the form was not taken: ${JSON.stringify(submitted)}`);
}

/** The newest message that a person sees with this button about this bypass, if there is one. */
export function asking(
  workspace: Workspace,
  user: string,
  button: string,
  bypass: string,
): Message | undefined {
  return workspace.as(user).inbox().findLast(shows(button, bypass));
}

/** Presses a button about a bypass once it is there. @throws DemoFailed, WaitTimedOut */
export async function pressAbout(
  workspace: Workspace,
  user: string,
  button: string,
  bypass: string,
): Promise<void> {
  const message = await workspace.waitForMessage(user, shows(button, bypass), WAIT);
  const pressed = await workspace.as(user).press(message, button);
  if (!pressed.ok) throw new DemoFailed(`the press of ${button} was not taken`);
}

/** Completes the post-mortem: the button, its form, the outcome. @throws DemoFailed, WaitTimedOut */
export async function completeReview(
  workspace: Workspace,
  user: string,
  bypass: string,
  outcome: string,
): Promise<void> {
  await pressAbout(workspace, user, 'post_mortem_complete', bypass);
  // Another form of theirs may be open still.
  await workspace.waitForView(
    user,
    (view) => JSON.stringify(view.blocks).includes('"reason"'),
    WAIT,
  );
  workspace.as(user).fillView({ verdict: 'justified', reason: outcome });
  await sendForm(workspace, user);
}

const shows =
  (button: string, bypass: string) =>
  ({ blocks, channel }: Message): boolean => {
    const written = JSON.stringify(blocks ?? []);
    return channel.startsWith('D') && written.includes(`"${button}"`) && written.includes(bypass);
  };
