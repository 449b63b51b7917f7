import { GATE } from '../service/acme.ts';
import { askGate, type Answer } from '../service/ci-job.ts';
import { heard } from '../races/heard.ts';
import type { Observed } from './observed.ts';
import type { Random } from './random.ts';
import type { World } from './world.ts';

const PLACES = ['staging', 'production'] as const;

/** One question of one CI job to both replicas, one behind the other. */
export async function askBoth(
  { replicas, proxies, token }: World,
  observed: Observed,
  random: Random,
  tenant: string,
): Promise<void> {
  const about = { gate: GATE, service: 'checkout', environment: random.of(PLACES) };
  const facts = { ...about, branch: null, artifact: null };
  const round = observed.next();
  for (const [place, replica] of replicas.entries()) {
    if (!replica.running) continue;
    await observed.looked();
    const asked = observed.next();
    const run = `run-${asked}`;
    const before = awayBy(proxies.postgres.since());
    const answer = await askGate(replica.at.url, token, { ...about, run });
    const isGone = before !== null && before === awayBy(proxies.postgres.since());
    const why = unheard(answer, isGone && replica.running);
    if (why !== null) {
      observed.maybe({ what: 'a question', facts, why });
      continue;
    }
    await observed.looked();
    const { said, entry, expiresAt, serverTime } = answer;
    observed.all.push(
      heard({
        moment: observed.next(),
        asked,
        tenant,
        replica: place,
        skewMs: replica.skewMs,
        round,
        facts,
        decision: said ?? 'enforce',
        reason: said === null ? 'unavailable' : answer.why,
        entry,
        expiresAt,
        serverTime: serverTime ?? 0,
        database: isGone ? 'gone' : 'up',
        inTime: answer.why !== 'TimeoutError',
      }),
    );
  }
}

/** Which weather kept the database away since when; `null` if none did. */
const awayBy = ({ weather, change }: { weather: string; change: number }): number | null =>
  weather === 'cut' || weather === 'black-holed' ? change : null;

/** Why nothing is known of what the service decided; `null` if it was heard. */
function unheard({ said, why }: Answer, mustAnswer: boolean): string | null {
  if (said !== null || why.startsWith('status ')) return null;
  return mustAnswer && why === 'TimeoutError' ? null : why;
}
