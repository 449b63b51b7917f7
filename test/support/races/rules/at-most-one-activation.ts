import type { Rule } from '../history.ts';
import { entriesOf, inEach, repeated } from '../reading.ts';

/**
 * Rule 1: at most one activation a request, whatever is pressed, retried or replicated.
 * Reads: the log's activations.
 */
export const atMostOneActivation: Rule = (history) =>
  inEach(1, history, (record) =>
    repeated(entriesOf(record, 'bypass.activated').map(({ event }) => event.bypass)).map(
      (bypass) => `${bypass} was activated more than once`,
    ),
  );
