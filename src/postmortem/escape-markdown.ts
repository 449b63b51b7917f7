// Controls, and marks that turn the direction of writing: what they hide or reorder is not what
// the reader reads. Line breaks are white space and become spaces.
const UNSEEN = /(?!\s|\u0085)[\p{Cc}\p{Bidi_Control}]/gu;
const WHITE_SPACE = /[\s\u0085]+/g;
// What starts or ends a construct in the middle of a line, in CommonMark, GFM and Slack's markdown.
const ANYWHERE = /[\\`*_~[\]|#@]/g;
// What does so at the start of a line only: lists, rules, underlined headings.
const AT_START = /^(?:[-+=]|\d*[.)])/;
// GFM links these without any brackets.
const ADDRESS = /:(?=\/\/)|(?<=www)\./gi;

/**
 * What a person or a CI job typed, as markdown that shows it and does nothing: no mention, link,
 * heading, list, emphasis, code, table or line break comes from it, wherever it stands in a line.
 * Backslash escapes (CommonMark 0.31.2 §2.4), and entities for `&`, `<` and `>`, without which
 * Slack reads neither `<!channel>` nor `<@U…>`. A client that links bare addresses all by itself
 * shows them as they are.
 */
export function escapeMarkdown(text: string): string {
  return visibleText(text)
    .replace(ANYWHERE, '\\$&')
    .replace(ADDRESS, '\\$&')
    .replace(AT_START, (start) => `${start.slice(0, -1)}\\${start.slice(-1)}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** One line of what can be seen in a text. */
export function visibleText(text: string): string {
  return text.toWellFormed().replace(UNSEEN, '').replace(WHITE_SPACE, ' ').trim();
}
