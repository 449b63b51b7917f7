import { cutMarkup, readable } from './text.ts';

const CLOSED = '\n```';

/**
 * Markdown for a markdown block. Slack's own tokens (`<!channel>`, `<@U…>`, `<address|label>`) need
 * `<`, so it is written as its entity: nobody is mentioned by what a template quotes.
 */
export function safeMarkdown(text: string, max: number): string {
  const safe = readable(text).replace(/</g, '&lt;');
  return closeFence(cutMarkup(safe, max - CLOSED.length)) || '–';
}

/** A fence that the cut left open is closed. */
function closeFence(text: string): string {
  const fences = text.match(/^```/gm)?.length ?? 0;
  return fences % 2 === 0 ? text : `${text}${CLOSED}`;
}
