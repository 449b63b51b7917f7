import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** The machine and how busy it is: ratios of one run can be compared, and nothing else. */
export function machineTold(): string {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const cores = availableParallelism();
  return `${cpu?.model.trim() ?? 'unknown'}, ${cores} cores, ${memory}, Node ${process.version}, ${loadTold()}`;
}

export const loadTold = (): string => `load ${loadavg()[0]?.toFixed(1) ?? '?'}`;
