import { readFile, readdir, readlink, realpath } from 'node:fs/promises';

/** True while the process exists, whoever owns it; a zombie counts as gone. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  try {
    // The state follows the name, which stands in parentheses and may hold anything (proc(5)).
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).charAt(0) !== 'Z';
  } catch {
    return true;
  }
}

/**
 * The processes that work in `folder`: a server and its children all do, in their data folder.
 * A `postgres` whose folder may not be read (root in a container without CAP_SYS_PTRACE) is counted
 * in, since taking a living server for a dead one corrupts its data. `undefined` on systems without
 * /proc, where it cannot be told.
 */
export async function processesIn(folder: string): Promise<number[] | undefined> {
  if (process.platform !== 'linux') return undefined;
  const wanted = await realpath(folder);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const here = await Promise.all(pids.map((pid) => worksIn(pid, wanted)));
  return pids.filter((_, index) => here[index]);
}

async function worksIn(pid: number, wanted: string): Promise<boolean> {
  try {
    return (await readlink(`/proc/${pid}/cwd`)) === wanted;
  } catch (error) {
    const forbidden = error instanceof Error && 'code' in error && error.code === 'EACCES';
    return forbidden && (await nameOf(pid)) === 'postgres' && (await isAlive(pid));
  }
}

async function nameOf(pid: number): Promise<string | undefined> {
  try {
    return (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
  } catch {
    return undefined;
  }
}
