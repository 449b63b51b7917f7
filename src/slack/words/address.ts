import { escape, inline, oneLine } from '../block-kit/text.ts';

/** What was typed where an address may stand: one of the web is a link that shows itself whole. */
export function addressWords(typed: string): string {
  const text = oneLine(typed);
  const url = URL.canParse(text) ? new URL(text) : null;
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:';
  if (url === null || !isWeb || url.href.length > 500 || url.username !== '')
    return inline(text, 300);
  // `|` would start a label that hides the address.
  return `<${escape(url.href.replaceAll('|', '%7C').replaceAll('>', '%3E').replaceAll('<', '%3C'))}>`;
}
