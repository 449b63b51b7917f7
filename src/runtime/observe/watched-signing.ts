import type { Attester } from '#application/ports/attester';
import type { Measure, SigningOutcome } from '#application/ports/measure';
import type { SigningCircuits } from '#sigstore/signing-circuits';
import { SignerUnavailable, SigningRefused } from '#sigstore/signing-errors';
import { stopwatch, type Observer } from './observer.ts';
import type { Tracing } from './tracing.ts';

/** Each service of a signature, asked or left alone. */
export function watchedCircuits(
  circuits: SigningCircuits,
  { measure, tracing }: Observer,
): SigningCircuits {
  return {
    run: (service, entry, work) =>
      tracing.span({ name: `sign ${service}`, kind: 'client', ids: { service } }, async () => {
        const seconds = stopwatch();
        try {
          const done = await circuits.run(service, entry, work);
          measure.signed(service, 'ok', seconds());
          return done;
        } catch (error) {
          countFailure(measure, service, error, seconds());
          throw error;
        }
      }),
  };
}

/** What is neither a refusal nor silence is a fault of ours, and is logged where it is caught. */
function countFailure(measure: Measure, service: string, error: unknown, seconds: number): void {
  const outcome = outcomeOf(error);
  if (outcome !== null) measure.signed(service, outcome, seconds);
}

function outcomeOf(error: unknown): SigningOutcome | null {
  if (error instanceof SigningRefused) return 'refused';
  if (!(error instanceof SignerUnavailable)) return null;
  return error.code === 'circuit-open' ? 'left-alone' : 'unavailable';
}

/** One signature in a person's name, over all its services. */
export function watchedAttester(attester: Attester, tracing: Tracing): Attester {
  return {
    attest: (...asked) =>
      tracing.span({ name: 'sign', ids: { statement: asked[1] } }, async (tell) => {
        const answer = await attester.attest(...asked);
        tell({ outcome: answer.ok ? 'ok' : answer.fault });
        return answer;
      }),
    attestPatiently: (...asked) =>
      tracing.span({ name: 'sign late', ids: { statement: asked[1] } }, async (tell) => {
        const bundle = await attester.attestPatiently(...asked);
        tell({ outcome: bundle === null ? 'unavailable' : 'ok' });
        return bundle;
      }),
  };
}
