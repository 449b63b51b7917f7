import type { TenantId } from '#domain/ids';
import type { GithubApp } from './app-client.ts';
import { isGate, readGithubGate, type GithubGate } from './github-gates.ts';
import type { WhyUnusable } from './look-at-gate.ts';
import type { GithubPorts } from './ports.ts';

/** What every part of this gate works with. */
export interface GithubContext extends GithubPorts {
  readonly app: GithubApp;
  /** Hears of what cannot be done and is nobody's to try again: a gate whose settings are wrong. */
  readonly onTrouble: (what: GithubTrouble) => void;
  /** Gates where GitHub took no approval though it waits for one, by `refusalOf`. */
  readonly refusals: Set<string>;
  /** Lists of deliveries that were too long to be read at once. */
  readonly missed: Map<TenantId, ReadSoFar>;
  /** Whether a commit is the newest of a branch: asked anew only now and then, since there may be many. */
  readonly heads: (key: string, ask: () => Promise<boolean>) => Promise<boolean>;
  /** Whether the rule is enabled on an environment. */
  readonly rules: (key: string, ask: () => Promise<boolean>) => Promise<boolean>;
}

export const refusalOf = (tenant: TenantId, gate: string) => `${tenant}/${gate}`;

/** How far the list of deliveries was read, where it was too long for one call. */
interface ReadSoFar {
  readonly cursor: string;
  /** Where the position goes to, once all of it was read. */
  readonly next: bigint | null;
}

/** The policy's gate is not one that stands at GitHub, so nobody can look at it or change it. */
export class GateUnusable extends Error {
  override name = 'GateUnusable';
  readonly code = 'gate-unusable';
  readonly why: WhyUnusable;
  constructor(why: WhyUnusable) {
    super(`a gate of kind github cannot be used: ${why}`);
    this.why = why;
  }
}

export interface GithubTrouble {
  readonly code: 'gate-unusable' | 'callback-refused' | 'approval-refused';
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

/** `null` for one that the policy does not have. @throws GateUnusable for settings that are wrong. */
export async function gateNamed(
  context: GithubContext,
  tenant: TenantId,
  name: string,
): Promise<GithubGate | null> {
  const named = (await context.gates(tenant)).find((one) => one.name === name);
  if (named === undefined) return null;
  const gate = readGithubGate(named);
  if (!isGate(gate)) throw new GateUnusable(gate.setting);
  return gate;
}
