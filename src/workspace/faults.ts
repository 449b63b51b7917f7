import { Scripted, type ScriptHandle } from './scripted.ts';

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
  /** No answer until the caller gives up. The call takes effect only if `accepted`. */
  | { kind: 'hang'; accepted?: boolean }
  /** An answer that is not Slack's, as a proxy would give, in HTML if given; nothing took effect. */
  | { kind: 'http'; status: number; html?: string };

export interface Fault {
  /** A Web API method, `response_url`, or `*` for every call. */
  method: string;
  /** How many calls it meets; 1 if absent. */
  times?: number;
  /** Only calls with these arguments, compared as text: `{ channel: 'C1' }`. */
  where?: Record<string, string>;
  answer: FaultAnswer;
}

/** The faults in place, oldest first. Each call takes at most one. */
export class Faults {
  readonly #scripted = new Scripted<Fault>();

  script(fault: Fault): ScriptHandle {
    return this.#scripted.add(fault);
  }

  take(method: string, args: Record<string, unknown>): FaultAnswer | undefined {
    return this.#scripted.take((fault) => meets(fault, method, args))?.answer;
  }
}

function meets(fault: Fault, method: string, args: Record<string, unknown>): boolean {
  if (fault.method !== '*' && fault.method !== method) return false;
  return Object.entries(fault.where ?? {}).every(([key, value]) => String(args[key]) === value);
}
