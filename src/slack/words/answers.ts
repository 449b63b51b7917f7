import type { FormChoices } from '#application/ports/request-forms';
import { code } from '../block-kit/text.ts';
import { durationWords } from './durations.ts';
import { listed } from './lists.ts';

/** Private answers to a command or a press that could not be taken. mrkdwn. */
export const ANSWERS = {
  notSetUp:
    'Break-glass is not set up for this workspace. Nothing was asked, and no gate was changed. Ask your platform team to apply a policy for it.',
  emptyPolicy:
    'The policy of this workspace names no gate, service or duration yet, so there is nothing to bypass.',
  policyUnavailable:
    'The policy cannot be read at the moment. Nothing was asked, and every gate enforces. Try again in a minute.',
  formNotOpened: 'Slack did not open the form. Nothing was asked. Try again.',
  pressNotStored:
    'It is not certain that your press was stored. Press again: pressing twice counts once.',
  actNotStored:
    'It is not certain that this was stored. Type it again: doing it twice does it once.',
  formNotStored:
    'Nothing was sent: it could not be stored. What you wrote is still here; submit again.',
  ttlMissing: 'Choose for how long first, then press Approve.',
  unknownBypass: 'There is no such request here.',
  markTaken:
    'Taken into the timeline of the post-mortem. If that cannot be done, a message tells you why.',
  notInThread:
    'Only an answer in the thread of a bypass’s card goes into its timeline. Nothing was taken.',
  nothingSaid: 'This message has no text, so nothing was taken.',
} as const;

/** What `/breakglass help` says. */
export function helpWords(choices: FormChoices | null): string {
  const lines = [
    '*Break-glass* opens one deploy gate, for one scope, for a short time, once the right people approve. Everything is recorded.',
    '`/breakglass` opens the form. What you add is filled in, in any order:',
    '`/breakglass image-policy checkout production 1h main INC-4312 why it is needed`',
    '`/breakglass drill …` rehearses: everything is marked, and no gate opens.',
    '`/breakglass policy` shows the policy in words: who may ask, who approves what, and what changed last.',
    '`/breakglass list` shows what is open, what waits and what you owe; `status`, `extend`, `close` and `withdraw` are about your own, or about the one whose number follows: `/breakglass close 1042`.',
  ];
  if (choices) {
    lines.push(
      `Gates: ${listed(
        choices.gates.map(({ name, gates }) =>
          gates === undefined ? code(name) : `${code(name)} (${gates.length} gates)`,
        ),
        20,
      )}.`,
      `Services: ${listed(
        choices.services.map(({ name }) => code(name)),
        20,
      )}.`,
      `Durations: ${listed(choices.ttlsMs.map(durationWords), 20)}.`,
    );
  }
  return lines.join('\n');
}
