import { describe, expect, it } from 'vitest';
import { SECOND_MS } from '#domain/instant';
import type { ExportedEntry } from '#ledger/export/format';
import { verify } from '#ledger/verify/verify';
import { History } from '#test/support/replay/history';
import { playBypass } from '#test/support/replay/random-history';
import {
  ISSUER,
  linesOf,
  seal,
  streamOf,
  testChecks,
  testKeys,
} from '#test/support/replay/sealed-log';
import { entryOf, type UnsignedEntry } from '#test/support/replay/test-log';
import { FIRST_POLICY, SECOND_POLICY } from '#test/support/replay/tenant-world';

const keys = testKeys();
const pinned = { logKeys: [keys.vkey], serviceKeys: [keys.keyId], issuers: [ISSUER] };

/** A bypass under one version, one under another, and one under the first again. */
function played(): readonly UnsignedEntry[] {
  const history = new History({ logKey: keys.vkey, serviceKey: keys.keyId });
  playBypass(history);
  for (const policy of [SECOND_POLICY, FIRST_POLICY]) {
    history.now += SECOND_MS;
    history.apply(policy);
    playBypass(history);
  }
  return history.entries;
}

const unsigned = played();
const [, second = 0, third = 0] = unsigned.flatMap(({ event }, index) =>
  event.type === 'policy.applied' ? [index] : [],
);

/** The log as its service would sign it, with a change at one place. */
function withEvent(index: number, over: object, from = unsigned): readonly ExportedEntry[] {
  const changed = from.map((entry, place) =>
    place === index ? entryOf({ ...entry.event, ...over }, place, entry.followsFrom) : entry,
  );
  return seal(changed, keys);
}

async function findingsOf(entries: readonly ExportedEntry[]) {
  const lines = await linesOf(entries, keys);
  return (await verify({ lines: streamOf(lines), pinned, checks: testChecks })).findings;
}

describe('an entry in the middle of a log that put a policy in force and cannot be read', () => {
  it('leaves no version in force: what names one is told, and accused of nothing', async () => {
    const [first, ...others] = await findingsOf(withEvent(second, { stray: 1 }));
    expect(first).toMatchObject({ index: second, code: 'statement-shape' });
    expect(new Set(others.map((one) => one.code))).toEqual(new Set(['policy-in-force-unknown']));
    expect(others[0]?.message).toContain(`Entry ${second}, which may have put`);
    const told = others.map((one) => unsigned[one.index ?? 0]?.event.type);
    expect(told).toEqual(
      expect.arrayContaining(['request.opened', 'approval.given', 'bypass.activated']),
    );
    expect(others.every((one) => (one.index ?? 0) < third)).toBe(true);
  });

  it('does not let the version before it pass for the one in force', async () => {
    const history = new History({ logKey: keys.vkey, serviceKey: keys.keyId });
    // Put in force and never used: requests go on under the version before.
    const stale = history.entries.length;
    history.apply(FIRST_POLICY);
    playBypass(history);
    const [, ...others] = await findingsOf(withEvent(stale, { stray: 1 }, history.entries));
    expect(others.map((one) => one.code)).toContain('policy-in-force-unknown');
  });

  it('is one that does not even say what it is, too', async () => {
    const vanished = await findingsOf(withEvent(second, { type: 'policy.vanished' }));
    expect(vanished.map((one) => one.code)).toContain('policy-in-force-unknown');
  });

  it('is none that says what else it is', async () => {
    const activated = unsigned.findIndex((one) => one.event.type === 'bypass.activated');
    const codes = (await findingsOf(withEvent(activated, { stray: 1 }))).map((one) => one.code);
    expect(codes).toContain('statement-shape');
    expect(codes).not.toContain('policy-in-force-unknown');
  });
});
