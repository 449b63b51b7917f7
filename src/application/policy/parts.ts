import { z } from 'zod';
import { DURATION } from './duration.ts';
import { NAME, NAME_EXPECTED, SLACK_ID } from './names.ts';

/**
 * The error text of every schema here completes the sentence "Write …", so that a mistake can say
 * what to do instead of naming a pattern.
 */
export function text(pattern: RegExp, expected: string, example: string) {
  return z
    .string({ error: expected })
    .regex(pattern, { error: expected })
    .meta({ examples: [example] });
}

export function listOf<T extends z.ZodType>(item: T, example: string) {
  return z.array(item, { error: `a list, such as ${example}` });
}

/** A mapping with exactly these keys. */
export function section<T extends z.core.$ZodLooseShape>(shape: T) {
  const keys = Object.keys(shape).map((key) => `\`${key}\``);
  return z.strictObject(shape, { error: `a mapping with the keys ${keys.join(', ')}` });
}

export function named<T extends z.ZodType>(value: T, example: string) {
  return z.record(name('checkout'), value, {
    error: `a mapping from names, such as ${example}`,
  });
}

export function whole(from: number, to: number) {
  const error = `a whole number from ${from} to ${to}`;
  return z.int({ error }).min(from, { error }).max(to, { error });
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: values.map((value) => `\`${value}\``).join(' or ') });
}

export const name = (example: string) => text(NAME, NAME_EXPECTED, example);

export const duration = (example: string) =>
  text(DURATION, 'a whole number with a unit, such as `10s`, `15m`, `4h` or `2d`', example);

export const slackId = (example: string) =>
  text(SLACK_ID, `a Slack id, such as \`${example}\` or \`T02/${example}\``, example);

/** A group's name, or an account where a single person is meant. */
export const groupOrAccount = (example: string) =>
  z
    .string({ error: GROUP_OR_ACCOUNT })
    .regex(new RegExp(`${NAME.source}|${SLACK_ID.source}`), { error: GROUP_OR_ACCOUNT })
    .meta({ examples: [example, 'U99'] });

const GROUP_OR_ACCOUNT = 'the name of a group, or a Slack id such as `U99` or `T02/U99`';
