/** What a Slack message shows of markdown. */
export const MAX_MARKDOWN = 12_000;

const NOTE = '\n\n*Cut here: no more fits. The audit log has everything.*';

/** At most 12,000 characters: whole lines, with a note where lines were left out. */
export function fit(markdown: string): string {
  const text = markdown.trim();
  if (text.length <= MAX_MARKDOWN) return text;
  const kept = text.slice(0, MAX_MARKDOWN - NOTE.length);
  const lineEnd = kept.lastIndexOf('\n');
  return (lineEnd > 0 ? kept.slice(0, lineEnd) : wholeCharacters(kept)) + NOTE;
}

/** One long line: half a character, escape or entity at its end would join with the note. */
function wholeCharacters(text: string): string {
  return text.replace(/[\ud800-\udbff]$/, '').replace(/\\+$|&[a-z]{0,3}$/, '');
}
