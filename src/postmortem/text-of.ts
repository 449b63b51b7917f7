import { RenderedText } from './rendered-text.ts';
import { FilterMisused } from './template-errors.ts';

/**
 * A value of a template as text, not escaped. Lists are joined, `null` is nothing.
 * Throws FilterMisused for an object, which has no one text.
 */
export function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof RenderedText) return value.valueOf();
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  throw new FilterMisused(`name one of its members: ${Object.keys(value).join(', ')}`);
}
