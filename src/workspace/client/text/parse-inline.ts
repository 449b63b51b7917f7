import type { BlockOnScreen } from '../../wire.ts';
import { link } from '../link.ts';

/** How the reader sees what a token only names. */
export interface TokenReader {
  /** Slack's date placeholders filled in: `{date_short} at {time}`; undefined for no such time. */
  readonly dateText: (seconds: number, template: string) => string | undefined;
}

type Style = { readonly [name in 'bold' | 'italic' | 'strike' | 'code']?: true };

/** Slack's marks stand at the edges of words: `snake_case` and `2*3*4` are no marks. */
const mark = (sign: string, name: string): string =>
  `(?<![\\w${sign}])[${sign}](?=[^\\s${sign}])(?<${name}>[^${sign}\\n]*[^\\s${sign}])[${sign}](?![\\w${sign}])`;

const PARTS = [
  '<(?<token>[^<>\\n]+)>',
  '`(?<code>[^`\\n]+)`',
  mark('*', 'bold'),
  mark('_', 'italic'),
  mark('~', 'strike'),
  '(?<![\\w:]):(?<emoji>[a-z+-][\\w+-]*):(?![\\w:])',
];
const MARKED = new RegExp(PARTS.join('|'), 'g');
const MARKED_AND_LINKS = new RegExp(
  [...PARTS, '(?<url>https?://[^\\s<>|]+[^\\s<>|.,;:!?)])'].join('|'),
  'g',
);

/**
 * The elements of one line of mrkdwn (docs.slack.dev/messaging/formatting-message-text), as
 * `rich_text` has them. Entities are resolved last, so that what an app escaped is never a token.
 */
export function parseInline(
  text: string,
  reader: TokenReader,
  isVerbatim: boolean,
  style: Style = {},
): BlockOnScreen[] {
  const elements: BlockOnScreen[] = [];
  let end = 0;
  for (const match of text.matchAll(isVerbatim ? MARKED : MARKED_AND_LINKS)) {
    elements.push(...textElement(text.slice(end, match.index), style));
    elements.push(...marked(match.groups ?? {}, reader, isVerbatim, style));
    end = match.index + match[0].length;
  }
  return [...elements, ...textElement(text.slice(end), style)];
}

/** Plain text knows no marks but emoji. */
export function parsePlain(text: string): BlockOnScreen[] {
  return text.split(/((?<![\w:]):[a-z+-][\w+-]*:(?![\w:]))/).flatMap((part, index) => {
    return index % 2 === 1 ? [{ type: 'emoji', name: part.slice(1, -1) }] : textElement(part, {});
  });
}

/** Only these three are entities in Slack. `&amp;` goes last, or `&amp;lt;` would become `<`. */
export function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

type Name = 'token' | 'code' | 'bold' | 'italic' | 'strike' | 'emoji' | 'url';
type Groups = { readonly [name in Name]?: string };

function marked(
  groups: Groups,
  reader: TokenReader,
  isVerbatim: boolean,
  style: Style,
): BlockOnScreen[] {
  const { token, code, emoji, url } = groups;
  if (token !== undefined) return tokenElements(token, reader, style);
  if (code !== undefined) return textElement(code, { ...style, code: true });
  if (emoji !== undefined) return [{ type: 'emoji', name: emoji }];
  if (url !== undefined) return [linkElement(url, unescape(url), style)];
  for (const name of ['bold', 'italic', 'strike'] as const) {
    const inner = groups[name];
    if (inner !== undefined) {
      return parseInline(inner, reader, isVerbatim, { ...style, [name]: true });
    }
  }
  return [];
}

/** What stands in angle brackets: a mention, a date, or a link with or without a label. */
function tokenElements(token: string, reader: TokenReader, style: Style): BlockOnScreen[] {
  const at = token.indexOf('|');
  const target = at < 0 ? token : token.slice(0, at);
  const label = at < 0 ? undefined : unescape(token.slice(at + 1));
  const name = target.slice(1);
  if (target.startsWith('@')) return [{ type: 'user', user_id: name, style }];
  if (target.startsWith('#')) return [{ type: 'channel', channel_id: name, style }];
  if (target.startsWith('!subteam^')) {
    return [{ type: 'usergroup', usergroup_id: target.slice('!subteam^'.length), style }];
  }
  if (target.startsWith('!date^')) return dateElements(target, label ?? '', reader, style);
  if (target.startsWith('!')) return [{ type: 'broadcast', range: name, style }];
  const shown = label ?? unescape(target).replace(/^mailto:/, '');
  return [linkElement(target, shown, style)];
}

function dateElements(
  target: string,
  fallback: string,
  { dateText }: TokenReader,
  style: Style,
): BlockOnScreen[] {
  const [, seconds, template, url] = target.split('^');
  const filled = template === undefined ? template : dateText(Number(seconds), template);
  const shown = filled ?? fallback;
  return [
    url === undefined ? { type: 'text', text: shown, style } : linkElement(url, shown, style),
  ];
}

/** What leads nowhere is text. */
function linkElement(address: string, text: string, style: Style): BlockOnScreen {
  const url = link(unescape(address));
  return url === undefined ? { type: 'text', text, style } : { type: 'link', url, text, style };
}

function textElement(text: string, style: Style): BlockOnScreen[] {
  return text === '' ? [] : [{ type: 'text', text: unescape(text), style }];
}
