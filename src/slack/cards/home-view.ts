import type { ActionsBlock, HomeView, KnownBlock } from '@slack/types';
import type { BypassLine, Listed, Mine, OwedLine } from '#application/ports/mine';
import type { Instant } from '#domain/instant';
import { ACTIONS } from '../action-ids.ts';
import { button, heading, row, sentence, small, when } from '../block-kit/blocks.ts';
import { assertHome } from '../block-kit/check.ts';
import { en, type Words } from '../words/words.ts';

type Member = Extract<Mine, { kind: 'member' }>;

/**
 * Somebody's Home: what waits for them, what is open and for how long, what they owe, what they may
 * do. Nothing is decided here: whoever approves has to see the whole of it. @throws BlockKitBroken
 */
export function homeView(mine: Mine, words: Words = en): HomeView {
  const blocks = mine.kind === 'member' ? forMember(mine, words) : outside(mine, words);
  return assertHome({ type: 'home', blocks });
}

/** Nothing of the tenant: whoever is no member learns no more than why. */
const outside = ({ standing }: Exclude<Mine, Member>, words: Words): KnownBlock[] => [
  heading(words.HOME.title),
  sentence(`${words.standingWords(standing)} ${words.HOME.outsider}`),
];

function forMember(mine: Member, words: Words): KnownBlock[] {
  const { now, waitsForMe, active, waiting, owed } = mine;
  const decided = new Set(waitsForMe.shown.map(({ bypass }) => bypass));
  const others = waiting.shown.filter(({ bypass }) => !decided.has(bypass));
  const rest = { shown: others, total: waiting.total - decided.size };
  return [
    heading(words.LISTS.waitsForMe),
    ...when(waitsForMe.total === 0, sentence(words.HOME.nothingForYou)),
    ...linesOf(waitsForMe, now, 'mine', words),
    ...when(waitsForMe.total > 0, small(words.HOME.decide)),
    heading(words.LISTS.active),
    ...when(active.total === 0, sentence(words.HOME.quiet)),
    ...linesOf(active, now, 'active', words),
    ...(rest.total > 0
      ? [heading(words.LISTS.waiting), ...linesOf(rest, now, 'waiting', words)]
      : []),
    ...(owed.total > 0 ? [heading(words.LISTS.owed), ...owedOf(owed, now, words)] : []),
    heading(words.HOME.may),
    sentence(words.mayAskWords(mine)),
    row('may', [
      button({
        action: ACTIONS.request,
        value: 'home',
        text: words.BUTTONS.request,
        style: 'primary',
      }),
    ]),
    small(words.HOME.how, words.asOfWords(mine)),
  ];
}

function linesOf(
  lines: Listed<BypassLine>,
  now: Instant,
  list: string,
  words: Words,
): KnownBlock[] {
  const more = words.moreWords(lines);
  return [
    ...lines.shown.flatMap((line) => lineBlocks(line, now, list, words)),
    ...when(more !== '', small(more)),
  ];
}

function lineBlocks(line: BypassLine, now: Instant, list: string, words: Words): KnownBlock[] {
  const { bypass, reference } = line;
  const show = button({
    action: ACTIONS.show,
    value: bypass,
    text: words.choiceLabel('show', reference),
  });
  const id = `${list}.${reference}`;
  return [
    { ...sentence(words.lineWords(line, now)), block_id: id, accessory: show },
    ...when(line.own, row(`${id}.own`, ownButtons(line, words))),
  ];
}

/** What its requester can do. Who may is judged at the press. */
function ownButtons(
  { bypass, reference, phase }: BypassLine,
  words: Words,
): ActionsBlock['elements'] {
  const labelled = (act: 'close' | 'extend' | 'withdraw') => ({
    action: ACTIONS[act],
    value: bypass,
    text: words.choiceLabel(act, reference),
  });
  return phase === 'active'
    ? [button({ ...labelled('close'), confirm: words.CLOSE_DIALOG }), button(labelled('extend'))]
    : [button({ ...labelled('withdraw'), confirm: words.WITHDRAW_DIALOG })];
}

function owedOf(owed: Listed<OwedLine>, now: Instant, words: Words): KnownBlock[] {
  const more = words.moreWords(owed);
  return [
    ...owed.shown.map((line): KnownBlock => ({
      ...sentence(words.owedWords(line, now)),
      block_id: `owed.${line.reference}`,
      accessory: button({
        action: ACTIONS.complete,
        value: line.bypass,
        text: words.choiceLabel('complete', line.reference),
      }),
    })),
    ...when(more !== '', small(more)),
  ];
}
