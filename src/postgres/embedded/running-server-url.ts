import { join } from 'node:path';
import { serverHome } from './home.ts';
import { serverUrl } from './ownership.ts';
import { superuserPassword } from './password.ts';
import { runningServer } from './running-server.ts';

/**
 * The URL of the server that runs on this data folder now, for a command beside the service; `null`
 * when none does. The one who started it still owns it and may stop it at any time.
 *
 * @throws EmbeddedPostgresError
 */
export async function runningServerUrl(dataDir: string): Promise<string | null> {
  const home = await serverHome(dataDir);
  const server = await runningServer(join(home.folder, 'data'));
  if (server === undefined) return null;
  return serverUrl(server, await superuserPassword(home), 'breakglass');
}
