import type { Base64Room } from '../base64.ts';
import { SALT_BYTES, type Opening } from '../commitment.ts';
import type { Openings } from '../openings.ts';
import { PlainText } from '../plain-text.ts';

/** A name that no object puts in another place, or takes for something else. */
const NAME = /^[a-z]/i;

/**
 * Reads the openings of an entry's line: an object of names, in any order, to texts. `undefined`
 * for any other, right or wrong: those are read as JSON.
 */
export function takeOpenings(written: string, bytes: Base64Room): Openings | undefined {
  const text = PlainText.of(written);
  const openings: Record<string, Opening> = {};
  if (!text.skip('{')) return undefined;
  do {
    const name = text.string();
    if (name === undefined || !NAME.test(name) || Object.hasOwn(openings, name)) return undefined;
    const opening = text.skip(':') ? takeOpening(text, bytes) : undefined;
    if (opening === undefined) return undefined;
    openings[name] = opening;
  } while (text.skip(','));
  return text.skip('}') && text.isAtEnd ? openings : undefined;
}

function takeOpening(text: PlainText, bytes: Base64Room): Opening | undefined {
  const written = text.skip('{"salt":') ? text.string() : undefined;
  const salt = written === undefined ? undefined : bytes.parse(written);
  const value = text.skip(',"value":') ? text.string() : undefined;
  if (salt?.length !== SALT_BYTES || value === undefined || !text.skip('}')) return undefined;
  return { salt, value };
}
