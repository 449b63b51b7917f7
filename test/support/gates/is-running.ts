import { listProcesses } from '#cli/ci/process-tree';

/** Whether a process runs; one that ended and that nobody has looked at yet does not. */
export const isRunning = (pid: number): boolean =>
  listProcesses().some((one) => one.pid === pid && !one.state.startsWith('Z'));
