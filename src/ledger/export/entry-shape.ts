import { SALT_BYTES, type Opening } from '../commitment.ts';
import { parseBase64 } from '../digest.ts';
import type { Openings } from '../openings.ts';
import { count, json, object, recordOf, scalar, type Shape } from '../shape.ts';
import type { ExportedEntry } from './format.ts';

/** Standard base64, in its one canonical spelling. */
export const bytes: Shape<Uint8Array> = scalar((value) =>
  typeof value === 'string' ? parseBase64(value) : undefined,
);

const salt: Shape<Uint8Array> = scalar((value) => {
  const read = typeof value === 'string' ? parseBase64(value) : undefined;
  return read?.length === SALT_BYTES ? read : undefined;
});

export const openingsShape: Shape<Openings> = recordOf(object<Opening>({ salt, value: json }));

interface LineOfEntry extends Pick<ExportedEntry, 'index' | 'statement' | 'envelope'> {
  readonly openings?: Openings;
}

/** What a line says of an entry; there may be no values left to open. */
export const entryShape: Shape<LineOfEntry> = object<LineOfEntry>(
  { index: count, statement: bytes, envelope: json },
  { openings: openingsShape },
);
