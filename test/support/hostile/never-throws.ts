import fc, { type Arbitrary } from 'fast-check';
import { settings } from '#test/support/property';

type ErrorClass = abstract new (...args: never[]) => Error;

/** How often each parser is tried, unless `FC_RUNS` says more. */
const RUNS = 60;

/**
 * Whatever comes in, the parser gives a value, its refusals included, or throws one of the errors that
 * it documents. `holds` says what must be true of what it gives.
 */
export async function neverThrows<Input, Value>(
  input: Arbitrary<Input>,
  parse: (input: Input) => Value | Promise<Value>,
  {
    but = [],
    holds = () => undefined,
    runs = RUNS,
  }: {
    readonly but?: readonly ErrorClass[];
    readonly holds?: (value: Awaited<Value>, input: Input) => void;
    readonly runs?: number;
  } = {},
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(input, async (given) => {
      let value: Awaited<Value>;
      try {
        value = await parse(given);
      } catch (error) {
        if (but.some((one) => error instanceof one)) return;
        throw error;
      }
      holds(value, given);
    }),
    settings({ numRuns: runs }),
  );
}
