import type { JsonObject } from '../json.ts';
import { Scripted, type ScriptHandle } from '../scripted.ts';
import type { PayloadKind } from './delivery.ts';

/**
 * What becomes of a payload on its way. Slack promises neither order nor once: it waits 3 s for an
 * acknowledgement, tells the person otherwise, and what it sent may arrive all the same
 * (docs.slack.dev/interactivity/handling-user-interaction, acknowledgment response).
 */
export type DeliveryFate =
  /** Arrives so much later. */
  | { kind: 'late'; ms: number }
  /** Arrives when it is released. */
  | { kind: 'hold' }
  /** Arrives once the next payload has: the two change places. */
  | { kind: 'after-next' }
  /** Arrives, and so much later once more. */
  | { kind: 'twice'; afterMs?: number }
  /** Never arrives. */
  | { kind: 'drop' }
  /** Arrives, and its acknowledgement is lost. */
  | { kind: 'lose-ack' };

export interface DeliveryFault {
  /** A kind of payload, or `*` for every one. */
  payload: PayloadKind | '*';
  /** How many payloads it meets; 1 if absent. */
  times?: number;
  /** Only payloads with these values at these paths, as text: `{ 'user.id': 'U1' }`. */
  where?: Record<string, string>;
  fate: DeliveryFate;
}

/** The faults in place, oldest first. Each payload takes at most one. */
export class DeliveryFaults {
  readonly #scripted = new Scripted<DeliveryFault>();

  script(fault: DeliveryFault): ScriptHandle {
    return this.#scripted.add(fault);
  }

  take(kind: PayloadKind, payload: JsonObject): DeliveryFate | undefined {
    return this.#scripted.take((fault) => meets(fault, kind, payload))?.fate;
  }
}

function meets(fault: DeliveryFault, kind: PayloadKind, payload: JsonObject): boolean {
  if (fault.payload !== '*' && fault.payload !== kind) return false;
  return Object.entries(fault.where ?? {}).every(
    ([path, value]) => String(valueAt(payload, path)) === value,
  );
}

function valueAt(payload: JsonObject, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => {
    return typeof at === 'object' && at !== null ? (at as JsonObject)[name] : undefined;
  }, payload);
}
