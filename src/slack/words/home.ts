import type { Mine } from '#application/ports/mine';
import { timeOf } from './times.ts';

/** What stands in the Home tab beside its lists. mrkdwn. */
export const HOME = {
  title: 'Break-glass',
  outsider: 'What concerns requests is shown to members of this workspace alone.',
  quiet: 'No gate is open, and no request waits. Every gate enforces.',
  nothingForYou: 'Nothing waits for you.',
  decide:
    'Decide in the message that this app sent you about it: what it opens stands there in full.',
  may: 'What you may do',
  how: 'Whatever you ask for is approved by other people. The form shows who they are before anything is sent. `/breakglass help` shows how to type it.',
} as const;

/** The lists are as they were then; those of Home follow what happens. */
export const asOfWords = ({ now }: Extract<Mine, { kind: 'member' }>): string =>
  `As of ${timeOf(now)}. It is brought up to date when something happens and when you open it.`;
