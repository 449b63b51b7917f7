import { InvalidArgumentError } from 'commander';
import { DURATION, durationMs } from '#application/policy/duration';

/** An option that may be repeated gives all its values, in their order. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

/** The value of an option as a whole number, both ends included. */
export function wholeNumber(least: number, most?: number): (value: string) => number {
  const range = most === undefined ? `from ${least} on` : `from ${least} to ${most}`;
  return (value) => {
    const read = Number(value);
    const isWhole = /^(?:0|[1-9]\d*)$/.test(value) && Number.isSafeInteger(read);
    if (isWhole && read >= least && (most === undefined || read <= most)) return read;
    throw new InvalidArgumentError(`Write a whole number ${range}.`);
  };
}

/** The value of an option as a span of time, in milliseconds: a whole number with its unit. */
export function span(value: string): number {
  if (DURATION.test(value)) return durationMs(value);
  throw new InvalidArgumentError('Write a whole number with a unit, such as 30m, 12h or 90d.');
}
