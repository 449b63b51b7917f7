import { parseJson, textOf, type JsonObject } from '../json.ts';

/** Reads arguments that come as text from forms and as JSON values from JSON bodies. */
export function textArg(args: JsonObject, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : textOf(value);
}

export function flagArg(args: JsonObject, name: string): boolean {
  return ['true', '1'].includes(textArg(args, name) ?? '');
}

/** A structured argument; `invalid` if its text is not JSON. */
export function jsonArg(args: JsonObject, name: string): { value: unknown; invalid: boolean } {
  const value = args[name];
  if (typeof value !== 'string') return { value, invalid: false };
  if (value === '') return { value: undefined, invalid: false };
  const parsed = parseJson(value);
  return { value: parsed, invalid: parsed === undefined };
}

export function listArg(args: JsonObject, name: string): string[] {
  const value = args[name];
  const items = Array.isArray(value) ? value.map(String) : (textArg(args, name) ?? '').split(',');
  return items.map((item) => item.trim()).filter((item) => item !== '');
}

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 999;

/** One page of a list, with the cursor to the next (empty on the last), as Slack's cursors work. */
export function page<T>(items: T[], args: JsonObject): { items: T[]; cursor: string } {
  const asked = Number(textArg(args, 'limit') ?? 0);
  const limit = asked > 0 ? Math.min(asked, LARGEST_PAGE) : DEFAULT_PAGE;
  const start = Number(Buffer.from(textArg(args, 'cursor') ?? '', 'base64').toString() || 0);
  const next = start + limit;
  const cursor = next < items.length ? Buffer.from(String(next)).toString('base64') : '';
  return { items: items.slice(start, next), cursor };
}
