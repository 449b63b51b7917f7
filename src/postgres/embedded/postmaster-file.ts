import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a running server says about itself in `postmaster.pid` (PostgreSQL's miscinit.h). */
export interface Postmaster {
  pid: number;
  port: number;
  /** True once it takes connections. */
  ready: boolean;
}

export function postmasterFile(data: string): string {
  return join(data, 'postmaster.pid');
}

/** `undefined` where the file is missing or still being written. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  let lines: string[];
  try {
    lines = (await readFile(postmasterFile(data), 'utf8')).split('\n');
  } catch {
    return undefined;
  }
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!(pid > 0)) return undefined;
  return { pid, port: port > 0 ? port : 0, ready: lines[7]?.trim() === 'ready' };
}
