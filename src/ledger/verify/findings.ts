import type { Finding, Step, UnprovenIdentity, UnprovenSignIn } from './report.ts';
import { STEPS } from './steps.ts';
import { stepOf, wordsFor, type About, type FindingCode, type StepName } from './words.ts';

/** A broken export can break at every entry: the report keeps the first, and counts the rest. */
const KEPT = 1_000;
/** What a message quotes is of the export's own words, and may be as long as its author liked. */
const LONGEST_MESSAGE = 1_000;

/** Collects what is wrong and what stays unproven, and tells the steps. */
export class Findings {
  readonly list: Finding[] = [];
  total = 0;
  readonly unprovenIdentities: UnprovenIdentity[] = [];
  unprovenIdentityTotal = 0;
  readonly unprovenSignIns: UnprovenSignIn[] = [];
  readonly unprovenSignInTotals = { erased: 0, keys: 0 };
  readonly #refused = new Set<StepName>();
  readonly #unproven = new Set<StepName>();
  readonly #details = new Map<StepName, string[]>();

  add(code: FindingCode, index: number | null, about: About = {}): void {
    this.total += 1;
    this.#refused.add(stepOf(code));
    if (this.list.length < KEPT)
      this.list.push({ index, code, message: cut(wordsFor(code, about)) });
  }

  /** What was at hand does not prove this step. */
  unproven(name: StepName, why?: string): void {
    this.#unproven.add(name);
    if (why !== undefined) this.detail(name, why);
  }

  /** Nothing speaks against who this entry names, but an erased value is needed to prove it. */
  unprovenIdentity(index: number, message: string): void {
    this.unprovenIdentityTotal += 1;
    this.#unproven.add('identities');
    if (this.unprovenIdentities.length < KEPT)
      this.unprovenIdentities.push({ index, message: cut(message) });
  }

  /** Nothing speaks against this sign-in, but what would prove it is missing. */
  unprovenSignIn(index: number, why: UnprovenSignIn['why'], message: string): void {
    this.unprovenSignInTotals[why] += 1;
    this.#unproven.add('sign-ins');
    if (this.unprovenSignIns.length < KEPT)
      this.unprovenSignIns.push({ index, why, message: cut(message) });
  }

  detail(name: StepName, text: string): void {
    this.#details.set(name, [...(this.#details.get(name) ?? []), text]);
  }

  steps(): readonly Step[] {
    return (Object.keys(STEPS) as StepName[]).map((name) => ({
      name,
      status: this.#statusOf(name),
      ...STEPS[name],
      details: this.#details.get(name) ?? [],
    }));
  }

  #statusOf(name: StepName): Step['status'] {
    if (this.#refused.has(name)) return 'refused';
    return this.#unproven.has(name) ? 'unproven' : 'proved';
  }
}

function cut(message: string): string {
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
}
