import type { KnownInstallation } from '#application/ports/installs';
import { printable } from '../printable.ts';

/** A line for each installation; never a token. */
export function installationLines(installations: readonly KnownInstallation[]): readonly string[] {
  return installations.map(({ team, enterprise, name, installedAt, endedAt, scopes }) => {
    const where = team ?? `${enterprise} (all workspaces)`;
    const until = endedAt === null ? 'in use' : `ended ${rfc3339(endedAt)}`;
    const parts = [where, printable(name), `installed ${rfc3339(installedAt)}`, until];
    return [...parts, scopes.join(',')].join('  ');
  });
}

const rfc3339 = (instant: number): string => new Date(instant).toISOString();
