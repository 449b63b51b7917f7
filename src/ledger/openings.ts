import { opens, type Opening } from './commitment.ts';
import type { RecordedEvent } from './recorded-event.ts';

export type Openings = Readonly<Record<string, Opening>>;

/** The detached values of an event by name; `null` where the value was erased. */
export type OpenedValues = Readonly<Record<string, string | null>>;

export type OpeningsReading =
  | { readonly ok: true; readonly values: OpenedValues }
  | {
      readonly ok: false;
      /** A value that was not committed to, or one that the entry has no digest for. */
      readonly code: 'opening-mismatch' | 'opening-unexpected';
      readonly name: string;
    };

const NOTHING: OpeningsReading = { ok: true, values: {} };

/** Checks every opening against its salted digest, and gives the values. */
export function withOpenings(event: RecordedEvent, openings: Openings): OpeningsReading {
  for (const name of Object.keys(openings))
    if (!Object.hasOwn(event.detached, name))
      return { ok: false, code: 'opening-unexpected', name };
  const detached = Object.entries(event.detached);
  if (detached.length === 0) return NOTHING;
  const values: [string, string | null][] = [];
  for (const [name, commitment] of detached) {
    const opening = Object.hasOwn(openings, name) ? openings[name] : undefined;
    if (opening === undefined) {
      values.push([name, null]);
      continue;
    }
    if (!opens(commitment, opening) || typeof opening.value !== 'string')
      return { ok: false, code: 'opening-mismatch', name };
    values.push([name, opening.value]);
  }
  return { ok: true, values: Object.fromEntries(values) };
}
