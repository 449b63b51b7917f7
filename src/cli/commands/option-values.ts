import { InvalidArgumentError } from 'commander';

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
