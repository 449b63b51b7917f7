import { randomUUID } from 'node:crypto';
import type { Changes } from '../changes.ts';
import type { JsonObject } from '../json.ts';
import type { DeliveryRecord, Envelope, Outcome, PayloadKind, Transport } from './delivery.ts';

/** Hands payloads to the app, once or (as a fault) twice, and keeps what was delivered. */
export class Dispatcher {
  readonly #transport: Transport;
  readonly #changes: Changes;
  readonly #delivered: DeliveryRecord[] = [];
  readonly #inFlight = new Set<Promise<unknown>>();
  /** While true, every payload is delivered a second time under the same envelope id. */
  twice = false;

  constructor(transport: Transport, changes: Changes) {
    this.#transport = transport;
    this.#changes = changes;
  }

  /** Delivers; the outcome is that of the first delivery. */
  async deliver(kind: PayloadKind, payload: JsonObject): Promise<Outcome> {
    const envelope: Envelope = { id: randomUUID(), kind, payload, retry: 0 };
    const first = this.#send(envelope);
    if (this.twice) this.#track(first.then(() => this.#send({ ...envelope, retry: 1 })));
    return first;
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

  /** Waits for second deliveries that are still under way. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#inFlight);
  }

  #track(work: Promise<unknown>): void {
    const tracked = work.finally(() => this.#inFlight.delete(tracked));
    this.#inFlight.add(tracked);
  }

  async #send(envelope: Envelope): Promise<Outcome> {
    const outcome = await this.#transport.send(envelope);
    const delivery = { envelope, outcome };
    this.#delivered.push(delivery);
    this.#changes.record({ kind: 'delivery', delivery });
    return outcome;
  }
}
