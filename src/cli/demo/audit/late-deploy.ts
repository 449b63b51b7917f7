import { randomUUID } from 'node:crypto';
import type { JsonValue } from '#ledger/canonical-json';
import { base64, digestOf, parseBase64 } from '#ledger/digest';
import { compose } from '#ledger/statement';
import { readLines } from './exported.ts';
import { linesOf, type LineOf } from './lines-of.ts';
import { reseal } from './reseal.ts';
import type { Tampered, Workshop } from './workshop.ts';

/** A deploy at the moment when its bypass had expired, signed by the service as any other. */
export function deployOutsideWindow(
  lines: readonly string[],
  { keys, tenant, origin }: Workshop,
): Tampered | null {
  const read = readLines(lines);
  const closed = linesOf(read, 'bypass.closed').findLast(({ event }) => event.how === 'expired');
  const activated = linesOf(read, 'bypass.activated').findLast(
    ({ event }) => closed === undefined || event.bypass === closed.event.bypass,
  );
  if (activated === undefined) return null;
  const lastAt = Math.max(...read.map(({ event }) => event?.at ?? 0));
  // Before the close that the log has: or it would be told as one out of place.
  const before = closed?.at ?? lines.length - 1;
  const at = Math.max(activated.event.expiresAt, closed === undefined ? lastAt : 0);
  const bytes = lateDeploy(activated, at, tenant, origin);
  const line = {
    entry: {
      index: 0,
      statement: base64(bytes),
      envelope: keys.signStatement(bytes),
      openings: {},
    },
  };
  return {
    lines: reseal(renumbered(lines.toSpliced(before, 0, JSON.stringify(line))), origin, keys),
    done: `Whoever runs the service adds a deploy at the moment the bypass had expired, signs it with the service's own key, and signs a new checkpoint. Every signature is right.`,
  };
}

function lateDeploy(
  { event, line }: LineOf<'bypass.activated'>,
  at: number,
  tenant: string,
  log: string,
): Uint8Array {
  const { chain, bypass, drill, gate, scope } = event;
  const { service, environment, branch } = scope;
  const followsFrom = [digestOf(parseBase64(line.entry.statement) ?? new Uint8Array())];
  const digest = scope.artifact ?? `sha256:${'e'.repeat(64)}`;
  const deploy = {
    type: 'deploy.annotated',
    at,
    actor: { kind: 'service' },
    chain,
    bypass,
    drill,
    gate,
    scope,
    service,
    environment,
    branch,
    deploy: 'run-late#1',
    commit: null,
    artifact: { name: service, digest },
    facts: 'claimed',
    decision: randomUUID(),
    adoptedFrom: null,
  } as const;
  return compose({ tenant, log, followsFrom, event: deploy }, () => new Uint8Array()).bytes;
}

/** Entries numbered from 0 again. */
function renumbered(lines: readonly string[]): readonly string[] {
  let index = 0;
  return lines.map((line) => {
    const { entry } = JSON.parse(line) as { entry?: JsonValue };
    return entry === undefined
      ? line
      : JSON.stringify({ entry: { ...(entry as object), index: index++ } });
  });
}
