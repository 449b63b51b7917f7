import { createHash } from 'node:crypto';
import { LIMITS } from '../block-kit/limits.ts';

/** A name as the value of an option; a name that is too long is carried by its digest. */
export function optionValue(name: string): string {
  const fits = name.length >= 1 && name.length <= LIMITS.optionValue && !name.startsWith('#');
  return fits ? name : `#${createHash('sha256').update(name).digest('base64url')}`;
}

/** The name that a value stands for; the value itself if none of those known fits. */
export function nameOf(value: string, known: readonly string[]): string {
  return value.startsWith('#')
    ? (known.find((name) => optionValue(name) === value) ?? value)
    : value;
}

/** Changes with the options, so that Slack drops a choice that is no longer offered. */
export const optionsKey = (options: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(options)).digest('base64url').slice(0, 10);
