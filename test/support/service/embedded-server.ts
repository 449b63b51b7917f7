import { join } from 'node:path';
import { serverHome } from '#postgres/embedded/home';
import { runningServer } from '#postgres/embedded/running-server';
import { shutDown } from '#postgres/embedded/shutdown';

async function dataOf(dataDir: string): Promise<string> {
  return join((await serverHome(dataDir)).folder, 'data');
}

/** The process of the embedded PostgreSQL of a data folder; `null` if none runs. */
export async function postmasterOf(dataDir: string): Promise<number | null> {
  return (await runningServer(await dataOf(dataDir)))?.pid ?? null;
}

/** Ends the server that a killed service left behind, and waits until it is gone. */
export async function endPostmasterOf(dataDir: string): Promise<void> {
  const pid = await postmasterOf(dataDir);
  if (pid !== null) await shutDown(await dataOf(dataDir), pid, true);
}
