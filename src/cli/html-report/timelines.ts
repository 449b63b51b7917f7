import type { OpenedValues } from '#ledger/openings';
import {
  isBypassEvent,
  type RecordedBypassEvent,
  type RecordedEvent,
} from '#ledger/recorded-event';
import { told } from './entry-told.ts';

/** An entry as the verification read it; what it says is proved only if the report says so. */
export interface ObservedEntry {
  readonly index: number;
  readonly event: RecordedEvent;
  readonly values: OpenedValues;
}

/** One line of a bypass's life. */
export interface Moment {
  readonly index: number;
  readonly at: number;
  readonly what: string;
  readonly who: string;
  /** The gate opens with this entry. */
  readonly opens: boolean;
}

export interface Timeline {
  readonly bypass: string;
  readonly gate: string;
  readonly scope: RecordedBypassEvent['scope'];
  readonly drill: boolean;
  readonly moments: readonly Moment[];
}

/** Memory stays flat: of a log of millions, the last bypasses and the first of their entries. */
const MOST_BYPASSES = 500;
const MOST_MOMENTS = 200;
const MOST_APPROVALS = 1_000;

/** Builds the timelines of bypasses while a log is read. */
export class Timelines {
  readonly #bypasses = new Map<string, Timeline & { readonly moments: Moment[] }>();
  readonly #names = new Map<string, string>();
  /** Of the last approvals, by their index: late attestations and sign-ins speak of them. */
  readonly #approvals = new Map<number, string>();
  #lastApproved: string | undefined;
  leftOut = 0;

  take({ index, event, values }: ObservedEntry): void {
    if (event.type === 'person.enrolled' && !this.#names.has(event.person)) {
      const { email } = values;
      if (typeof email === 'string') this.#names.set(event.person, email);
    }
    const bypass = isBypassEvent(event) ? event.bypass : this.#approvedBy(event);
    if (event.type === 'approval.given') this.#approved(index, event.bypass);
    if (bypass === undefined) return;
    const timeline = this.#bypasses.get(bypass) ?? this.#start(event);
    if (timeline === undefined || timeline.moments.length >= MOST_MOMENTS) return;
    timeline.moments.push({
      index,
      at: event.at,
      ...told(event, values, (person) => this.#names.get(person) ?? person),
      opens: event.type === 'bypass.activated',
    });
  }

  told(): readonly Timeline[] {
    return [...this.#bypasses.values()];
  }

  #approved(index: number, bypass: string): void {
    this.#lastApproved = bypass;
    this.#approvals.set(index, bypass);
    const [oldest] = this.#approvals.keys();
    if (this.#approvals.size > MOST_APPROVALS && oldest !== undefined)
      this.#approvals.delete(oldest);
  }

  #approvedBy(event: RecordedEvent): string | undefined {
    if (event.type === 'entry.attested') return this.#approvals.get(event.index);
    // The sign-in stands right behind its approval.
    return event.type === 'sign-in.recorded' ? this.#lastApproved : undefined;
  }

  #start(event: RecordedEvent): (Timeline & { readonly moments: Moment[] }) | undefined {
    if (!isBypassEvent(event)) return undefined;
    const { bypass, gate, scope, drill } = event;
    const timeline = { bypass, gate, scope, drill, moments: [] };
    this.#bypasses.set(bypass, timeline);
    const [oldest] = this.#bypasses.keys();
    if (this.#bypasses.size > MOST_BYPASSES && oldest !== undefined) {
      this.#bypasses.delete(oldest);
      this.leftOut += 1;
    }
    return timeline;
  }
}
