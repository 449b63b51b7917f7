import { z } from 'zod';

/**
 * A phone may cut an emoji in half at the limit of an input, and what is pasted may hold a NUL: neither
 * can be stored or signed (RFC 8785 §3.2.2.2), however often it is sent.
 */
const typed = z.string().transform((text) => text.toWellFormed().replaceAll('\0', ''));

const entered = z.object({
  value: typed.nullish(),
  selected_option: z.object({ value: z.string() }).nullish(),
  selected_conversation: z.string().nullish(),
});

/** `view.state.values` and `state.values` of messages: block id → action id → what was entered. */
export const stateValues = z.record(z.string(), z.record(z.string(), entered));
export type StateValues = z.infer<typeof stateValues>;

/** What stands in the input with this action id, whatever its block; `null` for nothing. */
export function enteredIn(values: StateValues, action: string): string | null {
  for (const ofBlock of Object.values(values)) {
    const found = ofBlock[action];
    if (found === undefined) continue;
    const { value, selected_option: option, selected_conversation: conversation } = found;
    return option?.value ?? conversation ?? value ?? null;
  }
  return null;
}

/** The block that an input stands in; its id may carry a suffix. */
export const blockWith = (values: StateValues, action: string): string | undefined =>
  Object.entries(values).find(([, ofBlock]) => action in ofBlock)?.[0];
