import type { BlockOnScreen } from '../../wire.ts';

/** Reading Block Kit objects whose fields are not known yet. */
export function isBlock(value: unknown): value is BlockOnScreen {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objects(value: unknown): BlockOnScreen[] {
  return Array.isArray(value) ? value.filter(isBlock) : [];
}

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The words of a text object. Slack knows three entities; `&amp;` goes last. */
export function words(text: unknown): string {
  const raw = isBlock(text) ? textOf(text['text']) : '';
  return raw.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

export const typeOf = (block: BlockOnScreen): string => textOf(block['type']);

/** A type as its name reads aloud: `multi_users_select` is `multi users select`. */
export const typeWords = (block: BlockOnScreen): string => typeOf(block).replaceAll('_', ' ');
