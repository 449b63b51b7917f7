import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that systems give to outgoing connections and to whoever asks for any: between the
 * look and the use, and while a service is restarted on it, nobody is given this one.
 */
const FIRST = 12_000;
const PER_PROCESS = 50;
const PROCESSES = 350;

let taken = 0;

/** A port of 127.0.0.1 that nobody holds now, and no other test is given. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + (process.pid % PROCESSES) * PER_PROCESS + (taken % PER_PROCESS);
    taken += 1;
    if (await isFree(port)) return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  try {
    const listening = once(probe, 'listening');
    probe.listen(port, '127.0.0.1');
    await listening;
  } catch {
    return false;
  }
  probe.close();
  await once(probe, 'close');
  return true;
}
