/** The demo's time: the machine's, moved forward by whoever tries the demo. */
export interface DemoClock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** How far it was moved, in milliseconds. */
  movedMs(): number;
  /** Forward only: a log whose time went back would be refused. */
  move(byMs: number): void;
}

export function demoClock(): DemoClock {
  let movedMs = 0;
  return {
    now: () => Date.now() + movedMs,
    movedMs: () => movedMs,
    move(byMs) {
      if (byMs < 0) throw new RangeError("the demo's clock moves forward only");
      movedMs += byMs;
    },
  };
}
