import type { Pool } from 'pg';
import type { Hindrance } from './limits.ts';
import type { Observation } from '../races/history.ts';
import type { DeployFacts } from '#domain/scope';

/** What was asked or pressed and never answered: it may have happened, or not. */
export interface Maybe {
  readonly what: string;
  readonly facts?: DeployFacts;
  readonly why: string;
}

/** What one run has seen so far, in the order of its moments. */
export class Observed {
  readonly #pool: Pool;
  readonly #tenant: string;
  #moment = 0;
  #longest = 0;
  readonly all: Observation[] = [];
  readonly maybes: Maybe[] = [];
  /** When the log was seen to be shorter than before. */
  readonly shrunk: string[] = [];
  /** Under which no limit of Slack's can be kept to the moment. */
  readonly hindered: Hindrance[] = [];

  constructor(pool: Pool, tenant: string) {
    this.#pool = pool;
    this.#tenant = tenant;
  }

  next(): number {
    this.#moment += 1;
    return this.#moment;
  }

  /** Notes how long the log is by now; waits for a database that is away. */
  async looked(): Promise<number> {
    for (;;) {
      const size = await this.#size().catch(() => null);
      if (size !== null) {
        if (size < this.#longest) this.shrunk.push(`${this.#longest} entries, then ${size}`);
        this.#longest = Math.max(size, this.#longest);
        this.all.push({ kind: 'committed', moment: this.next(), tenant: this.#tenant, size });
        return size;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  maybe(one: Maybe): void {
    this.maybes.push(one);
  }

  async #size(): Promise<number> {
    const { rows } = await this.#pool.query<{ size: number }>(
      'SELECT coalesce(max(size), 0)::int AS size FROM app.log_head',
    );
    return rows[0]?.size ?? 0;
  }
}
