import type { TenantId } from '#domain/ids';
import type { GithubApp } from './app-client.ts';
import { isGate, readGithubGate, type GithubGate } from './github-gates.ts';
import type { GithubPorts } from './ports.ts';

/** What every part of this gate works with. */
export interface GithubContext extends GithubPorts {
  readonly app: GithubApp;
  /** Hears of what cannot be done and is nobody's to try again: a gate whose settings are wrong. */
  readonly onTrouble: (what: GithubTrouble) => void;
}

/** The policy's gate cannot be found at GitHub, so nobody can look at it. */
export class GateUnusable extends Error {
  override name = 'GateUnusable';
  readonly code = 'gate-unusable';
  constructor() {
    super('a gate of kind github has settings that cannot be used');
  }
}

export interface GithubTrouble {
  readonly code: 'gate-unusable' | 'callback-refused' | 'comment-refused';
  readonly gate: string | null;
  readonly about: string;
}

/** The gates whose settings can be used. */
export async function usableGates(
  context: GithubContext,
  tenant: TenantId,
): Promise<readonly GithubGate[]> {
  const read = (await context.gates(tenant)).map(readGithubGate);
  for (const one of read)
    if (!isGate(one))
      context.onTrouble({ code: 'gate-unusable', gate: one.gate, about: one.setting });
  return read.filter(isGate);
}

export async function gateNamed(
  context: GithubContext,
  tenant: TenantId,
  name: string,
): Promise<GithubGate | null> {
  return (await usableGates(context, tenant)).find(({ gate }) => gate === name) ?? null;
}
