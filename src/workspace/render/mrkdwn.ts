import { renderDate } from './date-token.ts';
import type { Reader } from './reader.ts';

/**
 * Slack's mrkdwn as a person sees it on a terminal: tokens in angle brackets resolved, entities
 * unescaped. Bold and the like keep their marks, which read well as they are.
 */
export function renderMrkdwn(text: string, reader: Reader = {}): string {
  return unescape(text.replaceAll(/<([^<>]+)>/g, (_, token: string) => renderToken(token, reader)));
}

/** Only these three are entities in Slack. `&amp;` goes last, or `&amp;lt;` would become `<`. */
export function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function renderToken(token: string, reader: Reader): string {
  const [target, label] = splitOnce(token, '|');
  if (target.startsWith('@') || target.startsWith('#')) {
    return `${target[0]}${label || nameOf(target.slice(1), reader)}`;
  }
  if (target.startsWith('!subteam^')) {
    return label || `@${nameOf(target.slice('!subteam^'.length), reader)}`;
  }
  if (target.startsWith('!date^')) return dateOf(target, label, reader);
  if (target.startsWith('!')) return `@${target.slice(1)}`;
  const shown = target.replace(/^mailto:/, '');
  return label === undefined || label === shown ? shown : `${label} (${shown})`;
}

function dateOf(target: string, fallback: string | undefined, reader: Reader): string {
  const [, seconds, template, link] = target.split('^');
  const shown = template === undefined ? template : renderDate(Number(seconds), template, reader);
  if (shown === undefined) return fallback ?? target;
  return link === undefined ? shown : `${shown} (${link})`;
}

function nameOf(id: string, { nameOf: find }: Reader): string {
  return find?.(id) ?? id;
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
