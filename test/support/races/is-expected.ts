import { Killed } from './interleaving.ts';

/** What a replica may meet and the next try gets over. */
const EXPECTED: ReadonlySet<string> = new Set([
  'Killed',
  'LookUpFailed',
  'PublishFailed',
  'PageFailed',
  'ParentAwaited',
  'StillProvisional',
  'SignedStatementStale',
  'PolicyMoved',
  'ApproversMoved',
]);

/** Whether a fault of the run explains the error. */
export const isExpected = (error: unknown): boolean =>
  error instanceof Killed ||
  (error instanceof AggregateError
    ? error.errors.every(isExpected)
    : error instanceof Error && EXPECTED.has(error.message.split(' ')[0] ?? '')) ||
  (error instanceof Error && EXPECTED.has(error.name));
