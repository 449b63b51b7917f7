import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { deployKey, type AskedDeploy } from './asked-deploy.ts';
import type { Environment } from './job-environment.ts';

const content = z.object({ gate: z.string(), deploy: z.string(), by: z.enum(['check', 'bypass']) });

/**
 * How the job passed the gate, left by `gate` for `deploy` in the same job. It opens nothing: a
 * bypass is asked for again, and a job that lies here could as well leave the gate out.
 */
export type PassedBy = z.infer<typeof content>['by'];

/** Where others of this machine could have put it. */
class FolderOfOthers extends Error {
  override name = 'FolderOfOthers';
  readonly code = 'folder-of-others';
}

/** @throws an error of the file system, or FolderOfOthers. */
export async function rememberPassed(
  asked: AskedDeploy,
  env: Environment,
  by: PassedBy,
): Promise<void> {
  const passed = { gate: asked.gate, deploy: deployKey(asked), by };
  await forgetPassed(asked, env);
  await writeFile(await fileOf(asked, env), JSON.stringify(passed), { mode: 0o600, flag: 'wx' });
}

/** What an earlier attempt left must not speak for this one. @throws as `rememberPassed`. */
export async function forgetPassed(asked: AskedDeploy, env: Environment): Promise<void> {
  await rm(await fileOf(asked, env), { force: true });
}

/** `null` if this job did not pass this gate for this deploy. */
export async function passedBy(asked: AskedDeploy, env: Environment): Promise<PassedBy | null> {
  try {
    const read = content.safeParse(JSON.parse(await readFile(await fileOf(asked, env), 'utf8')));
    const fits = read.success && read.data.gate === asked.gate;
    return fits && read.data.deploy === deployKey(asked) ? read.data.by : null;
  } catch {
    // Not there, or not ours to read: the job has to pass the gate first.
    return null;
  }
}

/** Stands in the job's own folder where CI gives it one; no two jobs share its name. */
async function fileOf(asked: AskedDeploy, env: Environment): Promise<string> {
  const { gate, service, environment } = asked;
  const job = env['CI_JOB_ID'] ?? '';
  const name = JSON.stringify([gate, service, environment, deployKey(asked), job]);
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return join(env['RUNNER_TEMP'] || (await ownFolder()), `breakglass-${hash}.json`);
}

/** A folder of this user's own: anybody may write into the one for temporary files. */
async function ownFolder(): Promise<string> {
  const { uid, username } = userInfo();
  const folder = join(tmpdir(), `breakglass-${uid === -1 ? username : uid}`);
  await mkdir(folder, { mode: 0o700, recursive: true });
  const found = await lstat(folder);
  const isOurs = uid === -1 || (found.uid === uid && (found.mode & 0o077) === 0);
  if (found.isDirectory() && isOurs) return folder;
  throw new FolderOfOthers(`${folder} must be a folder that only this user can use.`);
}
