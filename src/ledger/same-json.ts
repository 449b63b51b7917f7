import type { JsonValue } from './canonical-json.ts';

/** Whether two JSON values are the same, in whatever order their members stand. */
export function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [ours, theirs] = [a, b] as Readonly<Record<string, JsonValue>>[];
  if (ours === undefined || theirs === undefined) return false;
  const names = Object.keys(ours);
  return (
    names.length === Object.keys(theirs).length &&
    names.every((name) => Object.hasOwn(theirs, name) && sameJson(ours[name], theirs[name]))
  );
}
