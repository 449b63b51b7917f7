import type { MrkdwnElement, PlainTextElement } from '@slack/types';

const ELLIPSIS = '…';
/** C0, DEL and C1, but for the line feed. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F]/g;
/** What turns or hides text: bidirectional controls, zero-width characters, the byte order mark. */
const INVISIBLE = /[\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g;

/** Text as a person may read it: no lone surrogate, no control that reorders or hides the rest. */
export function readable(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(CONTROLS, ' ')
    .replace(INVISIBLE, '')
    .trim();
}

/** The same on one line. */
export const oneLine = (text: string): string => readable(text).replace(/\s+/g, ' ');

/** At most `max` UTF-16 units, with an ellipsis where something was left out. */
export function cut(text: string, max: number): string {
  return text.length <= max
    ? text
    : `${text
        .slice(0, max - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '')}${ELLIPSIS}`;
}

/**
 * Text with nothing in it that Slack would act on: `<!channel>`, `<@U…>` and links need `<`
 * (docs.slack.dev/messaging/formatting-message-text, "Escaping text").
 */
export function escape(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** Marks that format, and what looks like them. An underscore inside a word formats nothing. */
const LOOKALIKES: Readonly<Record<string, string>> = { '*': '∗', '~': '∼', '`': 'ʼ', _: 'ˍ' };

/** What somebody typed, on one line inside a mrkdwn sentence; formatting marks lose their power. */
export function inline(text: string, max = 150): string {
  const tame = cut(oneLine(text), max).replace(
    /[*~`]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu,
    (mark) => LOOKALIKES[mark] ?? mark,
  );
  return escape(tame) || '–';
}

/** A name in code style. */
export function code(text: string, max = 150): string {
  return `\`${escape(cut(oneLine(text).replaceAll('`', 'ʼ'), max)) || '–'}\``;
}

/** A mark left in it would format on into the sentence: three backticks hide all that follows. */
export const bold = (text: string, max = 150): string => `*${inline(text, max)}*`;

/** A plain_text object, never empty. Emoji codes stay as they were typed. */
export function plain(text: string, max: number): PlainTextElement {
  return { type: 'plain_text', text: cut(readable(text), max) || '–', emoji: false };
}

/**
 * A mrkdwn object of a sentence that was put together with `inline`, `code` and `bold`.
 * `verbatim`: Slack links nothing by itself.
 */
export function mrkdwn(text: string, max = 3_000): MrkdwnElement {
  return { type: 'mrkdwn', text: cutMarkup(text, max) || '–', verbatim: true };
}

/** Cuts before an entity or a `<…>` token that would otherwise be torn. */
export function cutMarkup(text: string, max: number): string {
  if (text.length <= max) return text;
  const kept = text
    .slice(0, max - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, '');
  return `${kept.replace(/&[a-z]{0,3}$/, '').replace(/<[^>]*$/, '')}${ELLIPSIS}`;
}
