import { escapeMarkdown } from './escape-markdown.ts';
import { textOf } from './text-of.ts';

const LONGEST = 500;
/** What ends a link's target or means something in it (CommonMark 0.31.2 §6.3), beside what URL encodes. */
const MEANS = /[()<>[\]\\`*|!&'"]/g;

/**
 * `link`: an address of the web as a link that shows itself whole, so that it leads nowhere else than it
 * says; anything else, one with a password in it too, is only escaped. Nothing for null.
 */
export function link(value: unknown): string {
  if (value === null) return '';
  const text = textOf(value);
  const url = URL.parse(text);
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (
    url === null ||
    !isWeb ||
    url.href.length > LONGEST ||
    url.username !== '' ||
    url.password !== ''
  )
    return escapeMarkdown(text);
  const target = url.href.replace(MEANS, (one) =>
    one === '&' ? '&amp;' : `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `[${escapeMarkdown(url.href)}](${target})`;
}
