import type { BypassCard, RequirementView } from '#application/ports/card';
import { bold, inline } from '../block-kit/text.ts';
import { listed } from './lists.ts';
import { personName } from './scope.ts';

export const groupName = (group: string): string => inline(`@${group}`, 100);

/** `2 of @release`. */
export const needWords = ({
  from,
  count,
}: {
  readonly from: string;
  readonly count: number;
}): string => `${count} of ${groupName(from)}`;

export const needsWords = (
  needs: readonly { readonly from: string; readonly count: number }[],
): string => (needs.length === 0 ? 'nobody' : listed(needs.map(needWords)));

export const tiersWords = (tiers: readonly string[]): string =>
  listed(tiers.map((one) => bold(one)));

/** How many approvals are asked for, and how many of them stand. */
export function progressOf({ requirements }: BypassCard): { needed: number; have: number } {
  return {
    needed: requirements.reduce((sum, one) => sum + one.count, 0),
    have: requirements.reduce((sum, one) => sum + Math.min(one.have, one.count), 0),
  };
}

/** `@release: 1 of 2, asked R. Roe and M. Moe`. */
export function requirementWords({ from, count, have, asked, gone }: RequirementView): string {
  const names =
    asked.length === 0 ? 'nobody could be asked' : `asked ${listed(asked.map(personName), 12)}`;
  const left = gone.length === 0 ? '' : `; no longer: ${listed(gone.map(personName), 12)}`;
  return `${groupName(from)}: ${Math.min(have, count)} of ${count}, ${names}${left}`;
}
