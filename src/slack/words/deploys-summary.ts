import type { BypassCard } from '#application/ports/card';
import { counted } from './lists.ts';

type DeployState = BypassCard['deploys'][number]['state'];

/** What became of the deploys of a bypass that ended: how many went through, and where the rest is. */
export function deploysSummary({ deploys }: Pick<BypassCard, 'deploys'>): string {
  const count = (holds: (state: DeployState) => boolean): number =>
    deploys.filter(({ state }) => holds(state)).length;
  const finished = (outcome: string): number =>
    count((state) => state.status === 'finished' && state.outcome === outcome);
  const through = finished('succeeded');
  const others: readonly (readonly [number, string])[] = [
    [finished('failed'), 'failed'],
    [finished('cancelled'), 'cancelled'],
    [count(({ status }) => status === 'adopted'), 'covered by another bypass'],
    [count(({ status }) => status === 'in-flight'), 'still in flight'],
    [
      count(({ status }) => status === 'reverting'),
      'in flight at the end, put back under the gate',
    ],
  ];
  const parts = [
    `${through === 0 ? 'No deploy' : counted(through, 'deploy')} went through`,
    ...others.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`),
  ];
  return `${parts.join('; ')}.`;
}
