/** What a request asks for, or a bypass opens: one gate, or each of a gate of several. */
export interface Opening {
  readonly gate: string;
  /** Sorted; absent where it is the one gate alone. */
  readonly gates?: readonly string[];
}

/** The gates at which a deploy may pass. The name of several is none of them. */
export const openedGates = ({ gate, gates }: Opening): readonly string[] => gates ?? [gate];

/** The gates of several that entries about one of them name; nothing where there is one alone. */
export const memberOf = ({ gates }: Opening, gate: string): { readonly member?: string } =>
  gates === undefined ? {} : { member: gate };

export function sameGates(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((one, place) => one === b[place]);
}

/** One run at one gate: an entry names the gate where its bypass opens several. */
interface NamedDeploy {
  readonly deploy: string;
  readonly member?: string;
}

/**
 * What tells a deploy from all others of its bypass: what it is called, and before it the gate where
 * there are several. Names of gates hold no space.
 */
export const deployKey = ({ deploy, member }: NamedDeploy): string =>
  member === undefined ? deploy : `${member} ${deploy}`;

/** The same for a run that asks at this gate under a bypass. */
export const keyIn = (opening: Opening, gate: string, deploy: string): string =>
  deployKey({ deploy, ...memberOf(opening, gate) });

/** A deploy as entries name it. */
export function namedDeploy({
  key,
  member,
}: {
  readonly key: string;
  readonly member?: string;
}): NamedDeploy {
  return member === undefined ? { deploy: key } : { deploy: key.slice(member.length + 1), member };
}
