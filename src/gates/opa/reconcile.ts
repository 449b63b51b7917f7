import { z } from 'zod';
import type { WantedException } from '#application/ports/gate-adapter';
import { gateDocument, type GateDocument } from './exception-document.ts';
import type { OpaClient } from './opa-client.ts';
import { planChanges } from './plan-changes.ts';

const Standing = z.record(z.string(), z.unknown());

/**
 * Brings one OPA to what is wanted for a gate, in one write that holds as a whole or not at all, and
 * gives the ids that stand there after it. Running it again changes nothing. If we crash in between,
 * the next run finds either what was or what is wanted.
 */
export async function reconcileGate(
  client: OpaClient,
  path: readonly string[],
  gate: string,
  wanted: readonly WantedException[],
): Promise<readonly string[]> {
  const at = [...path, gate];
  const found = await client.read(at);
  const stands = documentIn(found);
  const target = gateDocument(gate, wanted);
  if (stands === undefined) {
    if (wanted.length > 0) await client.put(at, target);
    else if (found !== undefined) await client.remove(at);
    return Object.keys(target);
  }
  const changes = planChanges(stands, target);
  if (changes.length > 0) await client.patch(at, changes);
  return Object.keys(target);
}

/** Removes what stands for gates that are none any more. Gives their names. */
export async function removeOtherGates(
  client: OpaClient,
  path: readonly string[],
  gates: ReadonlySet<string>,
): Promise<readonly string[]> {
  const stands = documentIn(await client.read(path)) ?? {};
  const others = Object.keys(stands).filter((name) => !gates.has(name));
  for (const name of others) await client.remove([...path, name]);
  return others;
}

/** `undefined` where nothing stands, or what stands is no object and is to be replaced as a whole. */
function documentIn(found: unknown): GateDocument | undefined {
  const parsed = Standing.safeParse(found);
  return parsed.success ? parsed.data : undefined;
}
