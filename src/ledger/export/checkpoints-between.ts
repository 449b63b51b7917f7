/** What is known of a log's checkpoints, each by its size. */
export interface KnownCheckpoints {
  /** How many entries the export has. The checkpoint over all of them is its last line. */
  readonly logSize: number;
  /** The last one that each log key signed before it was replaced. */
  readonly lastOfReplacedKeys: readonly number[];
  /** Those that a witness signed too, ascending, none over more than `logSize` entries. */
  readonly cosigned: readonly number[];
  /** Where entries of type `provider.keys` stand. */
  readonly providerKeys: readonly number[];
}

/**
 * The sizes of the checkpoints that stand between the entries of an export, ascending: the one that
 * first covers a replaced log key's rotation, which both keys signed; the first cosigned one behind
 * each entry of a provider's keys, which dates them; and the newest cosigned one.
 */
export function checkpointsBetween({
  logSize,
  lastOfReplacedKeys,
  cosigned,
  providerKeys,
}: KnownCheckpoints): readonly number[] {
  const dating = providerKeys.flatMap((index) => cosigned.find((size) => size > index) ?? []);
  const wanted = new Set([...lastOfReplacedKeys, ...dating, ...cosigned.slice(-1)]);
  return [...wanted].filter((size) => size < logSize).toSorted((a, b) => a - b);
}
