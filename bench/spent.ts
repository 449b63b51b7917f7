/** What a piece of work took. */
export interface Spent {
  readonly wallMs: number;
  /** Of all threads of this process: what neighbours on a shared machine take is not in it. */
  readonly cpuMs: number;
}

export async function spentBy(work: () => Promise<void> | void): Promise<Spent> {
  const cpu = process.cpuUsage();
  const from = performance.now();
  await work();
  const wallMs = performance.now() - from;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000 };
}
