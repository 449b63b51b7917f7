import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  noJitterGenerator,
} from 'cockatiel';
import { SignerUnavailable } from './signing-errors.ts';
import type { SigningService } from './signing-errors.ts';

/** What this process knows of the services' health: a cache, lost with the process. */
export interface SigningCircuits {
  /**
   * Runs `work`, unless the service is known to be dead: then it throws `SignerUnavailable`
   * («circuit-open») at once. After a while one caller at a time is let through to find out.
   */
  run<T>(service: SigningService, work: () => Promise<T>): Promise<T>;
}

/** Told once as a service is given up on, and once as it is back. */
export type OnCircuit = (service: SigningService, state: 'open' | 'closed') => void;

const FIRST_PAUSE_MS = 5_000;
/** A gate may be waiting for the service to be back, and one budget in so long is little. */
const LONGEST_PAUSE_MS = 10_000;

/**
 * One circuit a service. The first time that it does not answer opens it for 5 s, each further one
 * for 10 s: a dead service costs one budget at each of these and not one at each press. A service
 * that says no is alive: a refusal opens nothing.
 */
export function signingCircuits(onCircuit: OnCircuit = () => {}): SigningCircuits {
  const circuits = {
    fulcio: circuit('fulcio', onCircuit),
    tsa: circuit('tsa', onCircuit),
    rekor: circuit('rekor', onCircuit),
  };
  return {
    async run(service, work) {
      const breaker = circuits[service];
      // Somebody is finding out. To wait for them would cost the budget that this is to save.
      if (breaker.state === CircuitState.HalfOpen) throw open(service);
      try {
        return await breaker.execute(work);
      } catch (error) {
        throw error instanceof BrokenCircuitError ? open(service) : error;
      }
    },
  };
}

function circuit(service: SigningService, onCircuit: OnCircuit) {
  const breaker = circuitBreaker(
    // Time that ran out elsewhere, or a caller who gave up, says nothing of the service.
    handleWhen(
      (error) => error instanceof SignerUnavailable && error.code === `${service}-unavailable`,
    ),
    {
      breaker: new ConsecutiveBreaker(1),
      halfOpenAfter: new ExponentialBackoff({
        generator: noJitterGenerator,
        initialDelay: FIRST_PAUSE_MS,
        maxDelay: LONGEST_PAUSE_MS,
      }),
    },
  );
  let opened = false;
  breaker.onBreak(() => {
    if (!opened) onCircuit(service, 'open');
    opened = true;
  });
  breaker.onReset(() => {
    opened = false;
    onCircuit(service, 'closed');
  });
  return breaker;
}

const open = (service: SigningService): SignerUnavailable =>
  new SignerUnavailable('circuit-open', service);
