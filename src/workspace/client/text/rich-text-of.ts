import type { BlockOnScreen } from '../../wire.ts';
import { textOf, typeOf } from '../blocks/block-json.ts';
import { parseInline, parsePlain, unescape, type TokenReader } from './parse-inline.ts';

/**
 * A text object as the `rich_text` block that Slack makes of it: there every mention and link is an
 * element, and text is only text, whatever somebody typed into it.
 */
export function richTextOf(text: BlockOnScreen, reader: TokenReader): BlockOnScreen {
  const raw = textOf(text['text']);
  const elements =
    typeOf(text) === 'mrkdwn'
      ? mrkdwnElements(raw, reader, text['verbatim'] === true)
      : [section(parsePlain(raw))];
  return { type: 'rich_text', elements };
}

function mrkdwnElements(text: string, reader: TokenReader, isVerbatim: boolean): BlockOnScreen[] {
  // Every other part stood between two fences.
  return text.split(/```\n?([\s\S]+?)\n?```\n?/).flatMap((part, index) => {
    if (index % 2 === 0) return lineElements(part, reader, isVerbatim);
    const elements = [{ type: 'text', text: unescape(part) }];
    return [{ type: 'rich_text_preformatted', elements }];
  });
}

/** Lines that begin with `>` are a quote, each run of them one. */
function lineElements(text: string, reader: TokenReader, isVerbatim: boolean): BlockOnScreen[] {
  const runs: { isQuote: boolean; lines: string[] }[] = [];
  for (const line of text === '' ? [] : text.split('\n')) {
    const quoted = /^(?:>|&gt;) ?(.*)$/.exec(line)?.[1];
    const isQuote = quoted !== undefined;
    let run = runs.at(-1);
    if (!run || run.isQuote !== isQuote) runs.push((run = { isQuote, lines: [] }));
    run.lines.push(quoted ?? line);
  }
  return runs.map(({ isQuote, lines }) => {
    const elements = parseInline(lines.join('\n'), reader, isVerbatim);
    return isQuote ? { type: 'rich_text_quote', elements } : section(elements);
  });
}

const section = (elements: readonly BlockOnScreen[]): BlockOnScreen => ({
  type: 'rich_text_section',
  elements,
});
