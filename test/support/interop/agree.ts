import { cosignVerdict } from './cosign.ts';
import { opensslVerdict } from './openssl.ts';
import { ourVerdict } from './ours.ts';
import { tell } from './results.ts';
import type { Case, Verifier } from './tamperings.ts';
import type { Verdict } from './verdict.ts';
import type { InteropWorld } from './world.ts';

/** Has every verifier judge a case; gives those whose verdict is not what it must be. */
export async function disagreements(world: InteropWorld, one: Case): Promise<readonly string[]> {
  const { bundle, expected, refusedBy } = one;
  const verdicts: readonly (readonly [Verifier, Verdict])[] = [
    ['ours', ourVerdict(world, bundle, expected)],
    ['cosign', await cosignVerdict(world, bundle, expected)],
    ['openssl', await opensslVerdict(world, bundle, expected)],
  ];
  return verdicts.flatMap(([by, verdict]) => {
    const agrees = verdict.accepted !== refusedBy.includes(by);
    const beyond = verdict.accepted && refusedBy.length > 0;
    const outcome = verdict.accepted
      ? beyond
        ? 'accepted (does not look at it)'
        : 'accepted'
      : `refused: ${verdict.why}`;
    tell({ world: world.name, check: one.name, by, outcome, agrees });
    return agrees ? [] : [`${by}: ${outcome}`];
  });
}
