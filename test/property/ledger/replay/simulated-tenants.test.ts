import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { restsOn } from '#application/commit/rests-on';
import type { EntryHead } from '#application/ports/tenant-store';
import { SERVICE } from '#domain/actor';
import type { BypassEvent } from '#domain/bypass/event';
import { namedDeploy } from '#domain/opened-gates';
import { digestOf, type Digest } from '#ledger/digest';
import type { RecordedEvent } from '#ledger/recorded-event';
import { Replay } from '#ledger/replay/replay';
import type { ReplayedEntry } from '#ledger/replay/replayed-entry';
import { arbitraryAction } from '#test/support/domain/model/action';
import { arbitraryPolicy } from '#test/support/domain/model/arbitrary-policy';
import type { History } from '#test/support/domain/model/history';
import { requestDigest } from '#test/support/domain/model/simulation';
import { historyOf } from '#test/support/domain/model/take-actions';
import { settings } from '#test/support/property';

/** The log of a simulated tenant: a version is applied where the first entry relies on it. */
function logOf({ entries, chains }: History): readonly ReplayedEntry[] {
  const log: ReplayedEntry[] = [];
  const append = (
    event: RecordedEvent,
    digest: string,
    followsFrom: readonly Digest[] = [],
  ): void => {
    log.push({ index: log.length, digest: digest as Digest, followsFrom, event });
  };
  const heads = new Map<string, readonly EntryHead[]>();
  const appendStep = (event: BypassEvent, digest: string): void => {
    const known = heads.get(event.chain) ?? [];
    append({ ...event, detached: {} }, digest, restsOn(event, known));
    const { type, chain, bypass } = event;
    heads.set(chain, [...known, { type, bypass, digest: digest as Digest }]);
  };
  const detached = {};
  const at = entries[0]?.context.now ?? 0;
  append(
    { type: 'log.started', at, actor: SERVICE, logKey: '', serviceKey: '', detached },
    digestOf('start'),
  );
  let current: string | undefined;
  for (const { event, context } of entries) {
    if (context.current !== current) {
      current = context.current;
      const { now: at, current: policy } = context;
      const applied = { at, actor: SERVICE, policy, document: policy, detached };
      append({ type: 'policy.applied', ...applied }, digestOf(`applied ${log.length}`));
    }
    const digest =
      event.type === 'request.opened' ? requestDigest(event.bypass) : digestOf(String(log.length));
    appendStep(pressed(event, log), digest);
  }
  for (const event of lostDeploys(chains, log.at(-1)?.event.at ?? at))
    appendStep(event, digestOf(String(log.length)));
  return log;
}

/** The simulation keeps no leases to their end: nobody can say any more what became of a deploy. */
function lostDeploys(chains: History['chains'], at: number): readonly BypassEvent[] {
  return chains.flatMap(({ id: chain, drill, bypasses }) =>
    bypasses.flatMap((one) => {
      if (one.phase !== 'closed') return [];
      const { id: bypass, gate, gates, scope } = one.request;
      const several = gates === undefined ? {} : { gates };
      const { inFlight: action } = one.grant;
      const about = { at, actor: SERVICE, chain, bypass, drill, gate, ...several, scope, action };
      return one.deploys
        .filter(({ state }) => state.status === 'reverting' && state.result === 'pending')
        .map((deploy) => {
          const named = namedDeploy(deploy);
          return { ...about, ...named, type: 'deploy.reverted', result: 'unknown' } as const;
        });
    }),
  );
}

/** The simulation also presses before a request is open; a stored press is never older than that. */
function pressed(event: BypassEvent, log: readonly ReplayedEntry[]): BypassEvent {
  if (event.type !== 'approval.given') return event;
  const opened = log.find(
    (one) => one.event.type === 'request.opened' && one.event.bypass === event.bypass,
  );
  return { ...event, at: Math.max(event.at, opened?.event.at ?? 0) };
}

function codesOf(history: History): readonly string[] {
  const replay = new Replay((digest) => history.policies[digest]);
  const broken = logOf(history).flatMap((entry) => replay.apply(entry));
  return [...broken, ...replay.finish()].map(({ code }) => code);
}

/**
 * The versions of one tenant agree on attestation. The decider judges an approval's signature under
 * the version of its press alone; the replay judges it under the activation's version too.
 */
const versions = fc
  .tuple(
    fc.array(arbitraryPolicy, { minLength: 3, maxLength: 3 }),
    fc.constantFrom('preferred' as const, 'required' as const),
  )
  .map(([policies, attestation]) =>
    policies.map((one) => ({ ...one, tiers: one.tiers.map((tier) => ({ ...tier, attestation })) })),
  );
const actions = fc.noBias(fc.array(arbitraryAction, { maxLength: 200, size: 'max' }));

describe('the life of a tenant under random policies', () => {
  it('is accepted', () => {
    fc.assert(
      fc.property(versions, actions, (policies, taken) => {
        expect(codesOf(historyOf(policies, taken))).toEqual([]);
      }),
      settings({ numRuns: 300 }),
    );
  });
});
