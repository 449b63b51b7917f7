import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Changes } from '../changes.ts';
import type { JsonObject } from '../json.ts';
import type { ScriptHandle } from '../scripted.ts';
import type { DeliveryRecord, Envelope, Outcome, PayloadKind, Transport } from './delivery.ts';
import { DeliveryFaults, type DeliveryFate, type DeliveryFault } from './delivery-faults.ts';

/** Hands payloads to the app, as scripted or at once, and keeps what was delivered. */
export class Dispatcher {
  readonly #transport: Transport;
  readonly #changes: Changes;
  readonly #faults = new DeliveryFaults();
  readonly #delivered: DeliveryRecord[] = [];
  readonly #inFlight = new Set<Promise<unknown>>();
  #held: (() => void)[] = [];
  #behindNext: (() => void)[] = [];
  /** While true, every payload is delivered a second time under the same envelope id. */
  twice = false;

  constructor(transport: Transport, changes: Changes) {
    this.#transport = transport;
    this.#changes = changes;
  }

  script(fault: DeliveryFault): ScriptHandle {
    return this.#faults.script(fault);
  }

  /** Lets everything that is held arrive, oldest first; gives once all of it has. */
  async release(): Promise<void> {
    for (const arrive of this.#held.splice(0)) arrive();
    await this.settled();
  }

  /** Delivers; the outcome is what the person who waits sees of the first delivery. */
  deliver(kind: PayloadKind, payload: JsonObject): Promise<Outcome> {
    const envelope: Envelope = { id: randomUUID(), kind, payload, retry: 0 };
    const behind = this.#behindNext.splice(0);
    const scripted = this.#faults.take(kind, payload);
    const fate = scripted ?? (this.twice ? { kind: 'twice' as const } : undefined);
    const outcome = fate ? this.#meet(fate, envelope) : this.#send(envelope);
    if (behind.length > 0)
      void this.#track(outcome.then(() => behind.forEach((arrive) => arrive())));
    return outcome;
  }

  /** Delivers an earlier envelope again, by default the last one. */
  async redeliver(envelopeId?: string): Promise<Outcome> {
    const earlier = this.#delivered.findLast(({ envelope }) =>
      envelopeId === undefined ? true : envelope.id === envelopeId,
    );
    if (!earlier) throw new Error('There is no such delivery to repeat.');
    return this.#send({ ...earlier.envelope, retry: earlier.envelope.retry + 1 });
  }

  delivered(): readonly DeliveryRecord[] {
    return this.#delivered;
  }

  /** Waits for deliveries that are still under way behind an act; not for held ones. */
  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight);
  }

  #meet(fate: DeliveryFate, envelope: Envelope): Promise<Outcome> {
    switch (fate.kind) {
      case 'late':
        return this.#patient(this.#track(wait(fate.ms).then(() => this.#send(envelope))));
      case 'hold':
        return this.#patient(this.#once(this.#held, envelope));
      case 'after-next':
        return this.#patient(this.#once(this.#behindNext, envelope));
      case 'twice': {
        const first = this.#send(envelope);
        const again = { ...envelope, retry: 1 };
        void this.#track(first.then(() => wait(fate.afterMs ?? 0)).then(() => this.#send(again)));
        return first;
      }
      case 'drop':
        return this.#timeout();
      case 'lose-ack':
        void this.#track(this.#send(envelope));
        return this.#timeout();
    }
  }

  /** Sends when somebody calls what is put into the list; tracked from then on. */
  async #once(list: (() => void)[], envelope: Envelope): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    list.push(() => resolve(this.#track(this.#send(envelope))));
    return promise;
  }

  /** What the person sees who waits no longer than Slack does. */
  #patient(outcome: Promise<Outcome>): Promise<Outcome> {
    return Promise.race([outcome, this.#timeout()]);
  }

  async #timeout(): Promise<Outcome> {
    await wait(this.#transport.ackTimeoutMs);
    return { acked: false, reason: 'operation_timeout' };
  }

  #track<T>(work: Promise<T>): Promise<T> {
    const tracked = work.finally(() => this.#inFlight.delete(tracked));
    this.#inFlight.add(tracked);
    return tracked;
  }

  async #send(envelope: Envelope): Promise<Outcome> {
    const outcome = await this.#transport.send(envelope);
    const delivery = { envelope, outcome };
    this.#delivered.push(delivery);
    this.#changes.record({ kind: 'delivery', delivery });
    return outcome;
  }
}

/** Keeps no process alive. */
const wait = (ms: number): Promise<void> => sleep(ms, undefined, { ref: false });
