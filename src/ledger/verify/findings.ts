import type { Finding, Step } from './report.ts';
import { STEPS } from './steps.ts';
import { stepOf, wordsFor, type About, type FindingCode, type StepName } from './words.ts';

/** A broken export can break at every entry: the report keeps the first, and counts the rest. */
const KEPT = 1_000;

/** Collects what is wrong and what stays unproven, and tells the steps. */
export class Findings {
  readonly list: Finding[] = [];
  total = 0;
  readonly #refused = new Set<StepName>();
  readonly #unproven = new Set<StepName>();
  readonly #details = new Map<StepName, string[]>();

  add(code: FindingCode, index: number | null, about: About = {}): void {
    this.total += 1;
    this.#refused.add(stepOf(code));
    if (this.list.length < KEPT) this.list.push({ index, code, message: wordsFor(code, about) });
  }

  /** What was at hand does not prove this step. */
  unproven(name: StepName, why?: string): void {
    this.#unproven.add(name);
    if (why !== undefined) this.detail(name, why);
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
