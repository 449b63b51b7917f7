import { spawn } from 'node:child_process';
import { platform } from 'node:os';

/**
 * Asks the desktop to open an address. Where that fails, the person opens it themselves: it was
 * printed. No shell sees the address.
 */
export function openBrowser(url: string): void {
  const [command, ...args] = openerOf(platform());
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}

function openerOf(system: NodeJS.Platform): readonly [string, ...string[]] {
  if (system === 'darwin') return ['open'];
  if (system === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return ['xdg-open'];
}
