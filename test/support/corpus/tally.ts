/** Counts cheats, so that a run shows how many there were. */
export interface Tally {
  readonly refused: () => void;
  readonly total: () => number;
  readonly print: () => void;
}

/** A count of the cheats of one kind. */
export function tally(kind: string): Tally {
  let total = 0;
  return {
    refused: () => {
      total += 1;
    },
    total: () => total,
    print: () =>
      void process.stdout.write(`tamper corpus: ${kind}: ${total} cheats, all refused\n`),
  };
}
