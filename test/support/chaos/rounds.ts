import type { Answered, Observation, TenantRecord } from '../races/history.ts';

/**
 * Leaves those answers in one round that the same state lay before: between their questions nothing
 * was committed but what the questions themselves left. Whoever could not answer is compared with
 * nobody.
 */
export function comparable(
  observed: readonly Observation[],
  { entries }: TenantRecord,
): readonly Observation[] {
  const answers = observed.filter((one): one is Answered => one.kind === 'answered');
  const rounds = Map.groupBy(answers, (one) => one.round);
  return observed.map((one) => {
    if (one.kind !== 'answered') return one;
    const round = rounds.get(one.round) ?? [];
    const from = sizeAt(observed, Math.min(...round.map(({ asked }) => asked)));
    const to = sizeAt(observed, Math.max(...round.map(({ moment }) => moment)));
    const isStill = entries.slice(from, to).every(({ event }) => event.type === 'deploy.annotated');
    const couldAnswer = round.every(({ reason }) => reason !== 'unavailable');
    return isStill && couldAnswer ? one : { ...one, round: one.moment };
  });
}

function sizeAt(observed: readonly Observation[], moment: number): number {
  const commits = observed.filter((one) => one.kind === 'committed' && one.moment < moment);
  const last = commits.at(-1);
  return last?.kind === 'committed' ? last.size : 0;
}
