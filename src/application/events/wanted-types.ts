/** At most so many types for one webhook, each at most so long. */
export const MOST_TYPES = 20;
const LONGEST_TYPE = 100;
const TYPE = /^[a-z0-9][a-z0-9.-]*\*?$/;

/** The name of a type, or its beginning with a `*` behind. */
export const isTypePattern = (text: string): boolean =>
  text.length <= LONGEST_TYPE && TYPE.test(text);

/** Whether a webhook with these types hears of this one; with none it hears of all. */
export function wantsType(types: readonly string[], type: string): boolean {
  if (types.length === 0) return true;
  return types.some((one) =>
    one.endsWith('*') ? type.startsWith(one.slice(0, -1)) : one === type,
  );
}
