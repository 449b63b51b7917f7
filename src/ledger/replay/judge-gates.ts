import type { RequestOpened } from '#domain/bypass/event';
import type { DigestText } from '#domain/ids';
import { openedGates, sameGates } from '#domain/opened-gates';
import { lookUp } from '#domain/policy/evaluate-policy';
import type { Moment } from './replayed-entry.ts';

type Several = Pick<RequestOpened, 'bypass' | 'gate' | 'gates'>;

/** What opens at once is what each of these versions has under that name; nothing, for one gate. */
export function judgeGates(
  { bypass, gate, gates }: Several,
  digests: readonly (DigestText | null)[],
  { policyOf, broken }: Pick<Moment, 'policyOf' | 'broken'>,
): void {
  for (const digest of new Set(digests)) {
    const policy = digest === null ? undefined : policyOf(digest);
    if (policy === undefined) continue;
    const known = lookUp(policy.gates, gate)?.gates;
    if (sameGates(known, gates)) continue;
    const [expected, found] = [gatesTold(gate, known), gatesTold(gate, gates)];
    broken.push({ code: 'gates-wrong', bypass, expected, found });
    return;
  }
}

const gatesTold = (gate: string, gates: readonly string[] | undefined): string =>
  openedGates(gates === undefined ? { gate } : { gate, gates }).join(', ');
