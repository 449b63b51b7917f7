import { createHash } from 'node:crypto';
import type { Page } from '#application/ports/pager';
import { nobodyWords, oneLine, outcomeOf, pageFacts, pageTitle } from '../page-words.ts';

export interface PageMail {
  readonly subject: string;
  readonly text: string;
  /** RFC 5322 §3.6.4: the same for each try of one page. */
  readonly messageId: string;
  /** The first mail of the bypass, so that a reader's program shows all of them as one thread. */
  readonly references: string;
}

/** A page as mail: plain text, so that nothing in it is anybody's markup. */
export function pageMail(page: Page, from: string): PageMail {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  const id = (text: string) =>
    `<${createHash('sha256').update(text).digest('hex').slice(0, 32)}@${domain}>`;
  return {
    subject: pageTitle(page),
    text: page.kind === 'resolved' ? resolvedText(page) : askingText(page),
    messageId: id(page.id),
    references: id(`bypass ${page.card.bypass}`),
  };
}

function askingText({ card, kind, link }: Page): string {
  const nobody = nobodyWords(card);
  return [
    ...(card.drill ? ['DRILL. This is a rehearsal: no gate opens.', ''] : []),
    ...(card.evaluation
      ? ['EVALUATION. Signed by an embedded authority: this is no evidence.', '']
      : []),
    `${oneLine(card.requester.name)} asks for a bypass of ${card.gate}.`,
    ...(kind === 'escalated' ? ['Nobody decided so far, so more people are asked.'] : []),
    ...(nobody === null ? [] : [nobody]),
    '',
    ...pageFacts(card).map(([name, value]) => `${`${name}:`.padEnd(13)}${value}`),
    '',
    'Why, in their words:',
    ...quoted(card.justification ?? 'The justification was erased.'),
    '',
    link === null ? 'Decide in Slack, in your messages with the app.' : `Decide: ${link}`,
    'Looking at this changes nothing. Approving opens the gate for this scope alone, for a time.',
  ].join('\n');
}

function resolvedText({ card }: Page): string {
  return [
    `Nothing is left to do. ${outcomeOf(card)}`,
    '',
    ...pageFacts(card).map(([name, value]) => `${`${name}:`.padEnd(13)}${value}`),
  ].join('\n');
}

/** Lines as typed, each marked, so that none of them can pass for ours. */
const quoted = (text: string): readonly string[] =>
  text
    .slice(0, 3_000)
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `> ${line.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')}`);
