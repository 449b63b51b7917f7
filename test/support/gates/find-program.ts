import { programPath, type ProgramName } from '#test/support/interop/programs';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * A program of others: where the environment variable says, where `npm run interop` built it, or on the
 * PATH. `undefined` where it is not on this machine; what needs it is then skipped by name.
 */
export function findProgram(
  name: string,
  variable: string,
  built: ProgramName,
): string | undefined {
  const named = process.env[variable];
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = folders.map((folder) => join(folder, name));
  const places = named === undefined ? [programPath(built) ?? '', ...onPath] : [named];
  return places.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
