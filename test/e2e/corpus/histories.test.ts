import { afterAll, describe, expect, it } from 'vitest';
import { SERVICE } from '#domain/actor';
import { personId } from '#domain/ids';
import { startBase } from '#test/support/corpus/base';
import { expectFirst } from '#test/support/corpus/cheat';
import { writtenLines } from '#test/support/corpus/export';
import { forged } from '#test/support/corpus/forge';
import { tally } from '#test/support/corpus/tally';
import { auditorOf, type Verdict } from '#test/support/corpus/verdict';
import { emailOf, History } from '#test/support/replay/history';
import { MUTATIONS } from '#test/support/replay/mutations';
import { approvedBy } from '#test/support/replay/mutations/approvals';
import { RICH } from '#test/support/replay/mutations/rich';
import { at, change } from '#test/support/replay/mutations/mutation';
import { playBypass, playExtension, playSeveral } from '#test/support/replay/random-history';
import { recorded } from '#test/support/replay/recorded-log';

const base = await startBase();
const audit = auditorOf(base);
const count = tally('histories that were signed rightly and break a rule');
afterAll(async () => {
  count.print();
  await base[Symbol.asyncDispose]();
});

const { vkey: logKey, keyId: serviceKey } = base.keys;
const newHistory = (): History => new History({ logKey, serviceKey });

/** Keys, certificates and tree are as they should be: the rule alone refuses. */
const HELD = ['signatures', 'attestations', 'identities', 'inclusion', 'checkpoint'];

function expectRuleAlone({ report, words }: Verdict): void {
  for (const step of report.steps)
    if (HELD.includes(step.name)) expect(step).toMatchObject({ status: 'proved' });
  expect(words).toContain('✗ REFUSED  replay');
}

describe('a history that the service signed rightly', () => {
  it.each([
    ['a bypass', playBypass],
    ['an extension', playExtension],
    ['several gates', playSeveral],
  ])('verifies while it keeps the rules: %s', async (_, play) => {
    const history = newHistory();
    play(history);
    const { report } = await audit(await writtenLines(await forged(base, history, (log) => log)));
    expect(report.findings).toEqual([]);
  });

  it.each(MUTATIONS)('is refused by the replay: $name', async ({ play, mutate, breaks, found }) => {
    const history = newHistory();
    const bypass = play(history);
    const broken = await forged(base, history, (log) => mutate(log, bypass));
    const verdict = await audit(await writtenLines(broken));
    const at = found(mutate(recorded(history.entries), bypass), bypass);
    expectFirst(verdict, { code: breaks, at });
    // Whoever reads it must know of which bypass, or of whom, it speaks.
    expect(verdict.report.findings[0]?.message).toMatch(/bypass played-\d+|@example\.com/i);
    expectRuleAlone(verdict);
    count.refused();
  });
});

describe('a history in which every type of entry stands', () => {
  it.each(RICH)('is refused by the replay: $name', async ({ bypass, mutate, breaks, found }) => {
    const broken = await forged(base, base.history, (log) => mutate(log, bypass));
    const verdict = await audit(await writtenLines(broken));
    const index = found(mutate(recorded(base.history.entries), bypass), bypass);
    expectFirst(verdict, { code: breaks, at: index });
    expectRuleAlone(verdict);
    count.refused();
  });
});

describe('a requester with a second account', () => {
  const amy = personId('amy');
  const second = { account: 'T2/amy', email: 'amy.contractor@example.com' };

  it('is found to approve their own request, certificate and all', async () => {
    const history = newHistory();
    const enrolled = { person: amy, source: 'policy', detached: second } as const;
    history.append({ type: 'person.enrolled', at: history.now, actor: SERVICE, ...enrolled });
    const bypass = playBypass(history);
    const broken = await forged(
      base,
      history,
      (log) =>
        change(log, bypass, 'approval.given', (event, nth) =>
          nth === 0 ? approvedBy(event, amy) : event,
        ),
      (person) => (person === amy ? second.email : emailOf(person)),
    );
    const verdict = await audit(await writtenLines(broken));
    const index = at('approval.given')(recorded(history.entries), bypass);
    expectFirst(verdict, { code: 'self-approval', at: index });
    expect(verdict.words).toContain('amy (amy@example.com) approved their own request');
    expect(verdict.words).toContain('✓ proved  identities');
    count.refused();
  });
});
