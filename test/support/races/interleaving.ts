import { setTimeout as sleep } from 'node:timers/promises';

/** The replica that did this work is gone: nothing of it may go on. */
export class Killed extends Error {
  override name = 'Killed';
}

/** One piece of work that stops at each step until it is let on. */
export interface Actor {
  readonly name: string;
  readonly isDead: () => boolean;
  /** Stops here. @throws Killed if the replica was killed meanwhile. */
  readonly reach: (step: string) => Promise<void>;
}

interface Running extends Actor {
  /** Where it waits; `null` while it runs or hangs in the database. */
  step: string | null;
  isOver: boolean;
  release: (() => void) | null;
  dead: boolean;
}

const LOOK_MS = 4;
/** So long no single step takes, on whatever machine: who has not moved by then never will. */
const STUCK_MS = 120_000;

/** Somebody neither came to a next step nor waits behind anybody. */
class Stuck extends Error {
  override name = 'Stuck';
}

/**
 * Lets one actor run at a time, from step to step, in the order that its caller chooses. One that
 * meets a row lock which another holds counts as at rest, and runs on by itself once it is free.
 */
export class Interleaving {
  readonly #actors: Running[] = [];
  readonly #blocked: () => Promise<number>;
  #changed: PromiseWithResolvers<void> = Promise.withResolvers();

  /** @param blocked how many connections wait for a lock now. */
  constructor(blocked: () => Promise<number>) {
    this.#blocked = blocked;
  }

  /** How many have begun and are not over. */
  get size(): number {
    return this.#actors.length;
  }

  /** Who waits to be let on, oldest first, and where. */
  waiting(): readonly { readonly actor: Actor; readonly step: string }[] {
    return this.#actors.flatMap((actor) =>
      actor.step === null ? [] : [{ actor, step: actor.step }],
    );
  }

  /** Runs the work up to its first step. */
  async start(name: string, work: (actor: Actor) => Promise<void>): Promise<void> {
    const actor = this.#actor(name);
    this.#actors.push(actor);
    void work(actor).finally(() => {
      actor.isOver = true;
      this.#tellChange();
    });
    await this.settle();
  }

  /** Lets one that waits run to its next step. */
  async step(actor: Actor): Promise<void> {
    this.#release(actor);
    await this.settle();
  }

  /** Ends one that waits, where it is: whatever it still asks for fails. */
  async kill(actor: Actor): Promise<void> {
    const found = this.#actors.find((one) => one === actor);
    if (found !== undefined) found.dead = true;
    this.#release(actor);
    await this.settle();
  }

  /** Until everybody waits at a step, hangs behind a lock that one of those holds, or is over. */
  async settle(): Promise<void> {
    for (let looks = 0; ; looks += 1) {
      if (looks * LOOK_MS > STUCK_MS) throw new Stuck(this.#actors.map(({ name }) => name).join());
      for (const over of this.#actors.filter((one) => one.isOver))
        this.#actors.splice(this.#actors.indexOf(over), 1);
      const running = this.#actors.filter((one) => one.step === null).length;
      if (running === 0) return;
      const moved = await Promise.race([
        this.#changed.promise.then(() => true),
        sleep(LOOK_MS).then(() => false),
      ]);
      // With nobody at a step, whoever hangs hangs behind nobody of ours and will go on.
      const someoneWaits = this.#actors.some((one) => one.step !== null);
      if (!moved && looks > 0 && someoneWaits && (await this.#blocked()) >= running) return;
    }
  }

  #actor(name: string): Running {
    const actor: Running = {
      name,
      step: null,
      isOver: false,
      release: null,
      dead: false,
      isDead: () => actor.dead,
      reach: async (step) => {
        if (actor.dead) throw new Killed(`${name} at ${step}`);
        const { promise, resolve } = Promise.withResolvers<void>();
        Object.assign(actor, { step, release: resolve });
        this.#tellChange();
        await promise;
        if (actor.dead) throw new Killed(`${name} at ${step}`);
      },
    };
    return actor;
  }

  #release(actor: Actor): void {
    const found = this.#actors.find((one) => one === actor);
    const release = found?.release;
    if (found === undefined || release === null || release === undefined) return;
    Object.assign(found, { step: null, release: null });
    release();
  }

  #tellChange(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
