import { PinnedKeyUnreadable } from '#ledger/verify/checkpoint-check';
import { PinnedWitnessUnreadable } from '#ledger/verify/witness-check';

const FORM = 'Write <name>+<id>+<key>, or @file for a file that holds it.';

/** A key on the command line that is none, in words; `undefined` for any other error. */
export function pinnedKeyProblem(error: unknown): string | undefined {
  if (error instanceof PinnedKeyUnreadable)
    return `A pinned log key cannot be read (${error.code}). ${FORM}`;
  if (error instanceof PinnedWitnessUnreadable)
    return `A pinned witness's key cannot be read (${error.code}). ${FORM}`;
  return undefined;
}
