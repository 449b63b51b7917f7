import type { BypassCard } from '#application/ports/card';
import { bold, code, oneLine } from '../block-kit/text.ts';
import { listed } from './lists.ts';

type Named = Pick<BypassCard, 'gate' | 'gates'>;
type Together = Pick<BypassCard, 'gates' | 'phase' | 'drill'>;

/** Each name in full: an approver must see all that opens. */
export const gatesWords = (gates: readonly string[]): string =>
  listed(
    gates.map((one) => code(one)),
    gates.length,
  );

/** `*image-policy*`; of several, how many they are: which ones stands in a line of its own. */
export const gateWords = ({ gate, gates }: Named): string =>
  gates === undefined ? bold(gate) : `${bold(gate)} (${gates.length} gates)`;

/** For sentences that nothing else stands beside. */
export const gatesInFull = ({ gate, gates }: Named): string =>
  gates === undefined ? code(gate) : `${code(gate)} (${gates.length} gates: ${gatesWords(gates)})`;

/** Which gates they are, in a line of its own. */
export function togetherWords({ gates = [], phase, drill }: Together): string {
  const head =
    phase === 'waiting'
      ? `${gates.length} gates ${drill ? 'would open' : 'open'} together`
      : phase === 'active' && !drill
        ? `${gates.length} gates are in bypass together`
        : `The ${gates.length} gates`;
  return `*${head}:* ${gatesWords(gates)}.`;
}

/** What the gate guards, as the policy describes it. Plain text. */
export const guardsWords = (description: string, gates: Named['gates']): string =>
  `${gates === undefined ? 'What the gate guards' : 'What they are for'}: ${oneLine(description)}`;
