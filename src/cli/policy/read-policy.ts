import { createTemplates } from '#postmortem/templates';
import type { LoadedPolicy } from '#runtime/load-policy';

/** The workspace of accounts that name none, where nobody says which one it is. */
export const ANY_TEAM = 'T00000000';

/**
 * A policy document to look at, whatever this machine is connected to: whether an installation can
 * do what it relies on, `policy check` and a start say.
 *
 * @throws PolicyUnusable
 */
export async function readPolicy(file: string, team: string): Promise<LoadedPolicy> {
  const { loadPolicy } = await import('#runtime/load-policy');
  return loadPolicy(file, team, createTemplates(), { sso: true, pagerduty: true });
}
