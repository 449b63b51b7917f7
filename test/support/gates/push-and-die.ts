import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PUSHER = fileURLToPath(new URL('push-exception.ts', import.meta.url));

/** Pushes a bypass from a process of its own, which is killed right after. Gives the expiry. */
export async function pushAndDie(
  kind: 'opa' | 'kyverno',
  url: string,
  ttlMs: number,
  tokenFile = '',
): Promise<number> {
  const child = spawn(process.execPath, [PUSHER, kind, url, String(ttlMs), tokenFile], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const closed = once(child, 'close');
  child.kill('SIGKILL');
  await closed;
  return Number(line);
}
