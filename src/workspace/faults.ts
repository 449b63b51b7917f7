/** What a scripted fault makes of a call. */
export type FaultAnswer =
  | { kind: 'ratelimited'; retryAfterSeconds: number }
  | { kind: 'error'; error: string }
  /** The call takes effect, but the connection drops before the answer. */
  | { kind: 'drop-after-accept' }
  /** The connection drops and nothing took effect. */
  | { kind: 'drop-before-accept' }
  /** The call takes effect after a while. */
  | { kind: 'delay'; ms: number }
  /** An answer that is not Slack's, as a proxy would give; nothing took effect. */
  | { kind: 'http'; status: number };

export interface Fault {
  /** A Web API method, `response_url`, or `*` for every call. */
  method: string;
  /** How many calls it meets; 1 if absent. */
  times?: number;
  /** Only calls with these arguments, compared as text: `{ channel: 'C1' }`. */
  where?: Record<string, string>;
  answer: FaultAnswer;
}

/** A fault that was put in place. */
export interface FaultHandle {
  /** How many calls it will still meet. */
  remaining(): number;
  cancel(): void;
}

/** The faults in place, oldest first. Each call takes at most one. */
export class Faults {
  #scripted: { fault: Fault; left: number }[] = [];

  script(fault: Fault): FaultHandle {
    const entry = { fault, left: fault.times ?? 1 };
    this.#scripted.push(entry);
    return {
      remaining: () => entry.left,
      cancel: () => {
        entry.left = 0;
      },
    };
  }

  take(method: string, args: Record<string, unknown>): FaultAnswer | undefined {
    const entry = this.#scripted.find(({ fault, left }) => left > 0 && meets(fault, method, args));
    if (!entry) return undefined;
    entry.left -= 1;
    this.#scripted = this.#scripted.filter(({ left }) => left > 0);
    return entry.fault.answer;
  }
}

function meets(fault: Fault, method: string, args: Record<string, unknown>): boolean {
  if (fault.method !== '*' && fault.method !== method) return false;
  return Object.entries(fault.where ?? {}).every(([key, value]) => String(args[key]) === value);
}
