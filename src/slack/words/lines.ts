import type { BypassLine, Listed, Meant, Mine, OwedLine } from '#application/ports/mine';
import type { Instant } from '#domain/instant';
import { code, inline } from '../block-kit/text.ts';
import { durationWords } from './durations.ts';
import { counted } from './lists.ts';
import { personName, placeOf } from './scope.ts';
import { dayOf, timeOf } from './times.ts';

/** A bypass in one line of a list. mrkdwn. */
export function lineWords(line: BypassLine, now: Instant): string {
  const { reference, drill, phase, gate, scope, requester, untilAt, own } = line;
  const left = durationWords(Math.max(0, untilAt - now));
  const time = `until ${timeOf(untilAt)}, ${left} left`;
  const until = phase === 'active' ? `open ${time}` : `waits ${time}`;
  const by = own ? 'asked by you' : `asked by ${personName(requester)}`;
  const mark = drill ? '*DRILL* · ' : '';
  return `${mark}${code(String(reference))} ${code(gate)} for ${placeOf(scope)} · ${until} · ${by}`;
}

export const owedWords = ({ reference, gate, scope, dueAt }: OwedLine, now: Instant): string =>
  `${code(String(reference))} ${code(gate)} for ${placeOf(scope)} · due ${dayOf(dueAt)}${dueAt < now ? ', *overdue*' : ''}`;

/** The title over a list. */
export const LISTS = {
  active: 'Open now',
  waiting: 'Waiting for approval',
  waitsForMe: 'Waiting for you',
  owed: 'Post-mortems you owe',
} as const;

export const NOTHING_OPEN = 'No gate is open, and no request waits.';

/** What a list leaves out. */
export const moreWords = ({ shown, total }: Listed<unknown>): string =>
  total > shown.length ? `and ${total - shown.length} more` : '';

export function mayAskWords({ mayAsk }: Extract<Mine, { kind: 'member' }>): string {
  return mayAsk === 0
    ? 'You have asked as often, or have as many requests waiting, as the policy allows.'
    : `You may have ${counted(mayAsk, 'more request')} waiting.`;
}

const WHICH: Readonly<Record<Meant['act'], string>> = {
  status: 'Which one do you mean? Type its number behind `status`:',
  extend: 'Which bypass do you want to extend?',
  close: 'Which bypass do you want to close?',
  withdraw: 'Which request do you want to withdraw?',
};
export const whichWords = (act: Meant['act']): string => WHICH[act];

/** After a typed act was stored; who may do it is judged when it is handled. */
export const takenWords = (act: 'close' | 'withdraw'): string =>
  act === 'close'
    ? 'Taken. The card says when the bypass is closed; if you may not close it, a message tells you.'
    : 'Taken. The card says when the request is withdrawn; if you may not, a message tells you.';

const OWN: Readonly<Record<Meant['act'], string>> = {
  status: 'You have no bypass open and no request waiting',
  extend: 'You have no bypass open',
  close: 'You have no bypass open',
  withdraw: 'You have no request waiting',
};

/** Nothing was done: why, what there is, and how a request is made that begins with this word. */
export function noneWords(act: Meant['act'], meant: Meant, rest: string | null): string {
  const about = [meant.gate, meant.service, meant.environment].flatMap((one) => one ?? []);
  const which = about.length === 0 ? '' : ` for ${about.map((one) => code(one)).join(' ')}`;
  const unread = rest === null ? '' : ` I did not understand “${inline(rest, 200)}”.`;
  const said =
    meant.reference === null
      ? `${OWN[act]}${which}.`
      : rest === null
        ? `Nothing here is called ${code(String(meant.reference))}.`
        : 'Nothing was done.';
  return `${said}${unread} \`/breakglass list\` shows what is open. To ask for a bypass with a line that begins with “${act}”, type \`/breakglass open ${act} …\`.`;
}
