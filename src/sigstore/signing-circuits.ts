import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  noJitterGenerator,
} from 'cockatiel';
import { SignerUnavailable, SigningRefused } from './signing-errors.ts';
import type { SigningService } from './signing-errors.ts';

/** What this process knows of the services' health: a cache, lost with the process. */
export interface SigningCircuits {
  /**
   * Runs `work`, unless the service is known to be dead: then it throws `SignerUnavailable`
   * («circuit-open») at once. After a while one caller at a time is let through to find out.
   *
   * @param entry names what is being signed, the same at each try of it.
   */
  run<T>(service: SigningService, entry: string, work: () => Promise<T>): Promise<T>;
}

/** Told once as a service is given up on, and once as it is back. */
export type OnCircuit = (service: SigningService, state: 'open' | 'closed') => void;

const FIRST_PAUSE_MS = 5_000;
/** A gate may be waiting for the service to be back, and one budget in so long is little. */
const LONGEST_PAUSE_MS = 10_000;

/**
 * So many different entries must a service answer with a fault before the fault counts as its own:
 * one that it cannot digest, tried again and again, must not keep others from being signed.
 */
const SEVERAL_ENTRIES = 3;

/**
 * One circuit a service. The first time that it does not answer opens it for 5 s, each further one
 * for 10 s: a dead service costs one budget at each of these and not one at each press. So does a
 * fault that it answers several different entries with, none of them signed in between. A service
 * that says no is alive: a refusal opens nothing.
 */
export function signingCircuits(onCircuit: OnCircuit = () => {}): SigningCircuits {
  const circuits = {
    fulcio: circuit('fulcio', onCircuit),
    tsa: circuit('tsa', onCircuit),
    rekor: circuit('rekor', onCircuit),
  };
  return { run: (service, entry, work) => circuits[service](entry, work) };
}

type Circuit = <T>(entry: string, work: () => Promise<T>) => Promise<T>;

function circuit(service: SigningService, onCircuit: OnCircuit): Circuit {
  /** The entries that it answered with a fault since it last did its work. */
  const faulty = new Set<string>();
  const breaker = breakerOf(
    service,
    ({ answered }) => !answered || faulty.size >= SEVERAL_ENTRIES,
    onCircuit,
  );
  return async (entry, work) => {
    // Somebody is finding out. To wait for them would cost the budget that this is to save.
    if (breaker.state === CircuitState.HalfOpen) throw open(service);
    try {
      return await breaker.execute(async () => {
        try {
          const done = await work();
          faulty.clear();
          return done;
        } catch (error) {
          if (error instanceof SigningRefused) faulty.clear();
          if (isOwnFault(error, service) && error.answered && faulty.size < SEVERAL_ENTRIES)
            faulty.add(entry);
          throw error;
        }
      });
    } catch (error) {
      throw error instanceof BrokenCircuitError ? open(service) : error;
    }
  };
}

/** Time that ran out elsewhere, or a caller who gave up, says nothing of the service. */
const isOwnFault = (error: unknown, service: SigningService): error is SignerUnavailable =>
  error instanceof SignerUnavailable && error.code === `${service}-unavailable`;

function breakerOf(
  service: SigningService,
  counts: (fault: SignerUnavailable) => boolean,
  onCircuit: OnCircuit,
) {
  const breaker = circuitBreaker(
    handleWhen((error) => isOwnFault(error, service) && counts(error)),
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
