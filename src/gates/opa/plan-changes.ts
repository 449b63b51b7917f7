import { isDeepStrictEqual } from 'node:util';
import type { GateDocument } from './exception-document.ts';

/** One operation of a JSON Patch (RFC 6902). */
export type Change =
  | { readonly op: 'add'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/**
 * What turns the document that stands into the one that is wanted: nothing where both are the same,
 * `add` (which replaces, RFC 6902 §4.1) for what is missing or differs, `remove` for what is unknown.
 * An expired bypass is no longer wanted, so that no clock is needed here.
 */
export function planChanges(stands: GateDocument, wanted: GateDocument): readonly Change[] {
  const removed = Object.keys(stands)
    .filter((id) => !Object.hasOwn(wanted, id))
    .map((id): Change => ({ op: 'remove', path: pointer(id) }));
  const added = Object.entries(wanted)
    .filter(([id, value]) => !Object.hasOwn(stands, id) || !isDeepStrictEqual(stands[id], value))
    .map(([id, value]): Change => ({ op: 'add', path: pointer(id), value }));
  return [...removed, ...added];
}

/** A JSON Pointer to one member (RFC 6901 §3). */
const pointer = (member: string): string =>
  `/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`;
