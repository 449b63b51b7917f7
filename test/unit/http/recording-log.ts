/** Keeps what was logged, for tests that look at it. */
export function recordingLog(): {
  readonly lines: unknown[][];
  error(...line: unknown[]): void;
  warn(...line: unknown[]): void;
} {
  const lines: unknown[][] = [];
  const keep = (...line: unknown[]): void => void lines.push(line);
  return { lines, error: keep, warn: keep };
}
