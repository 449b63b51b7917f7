import { describe, expect, it } from 'vitest';
import { reportLines } from '#cli/audit-report';
import { verdictView } from '#cli/html-report/verdict-view';
import type { Report } from '#ledger/verify/report';
import { verify, type VerifyOptions } from '#ledger/verify/verify';
import type { Pinned } from '#ledger/verify/pinned';
import { History } from '#test/support/replay/history';
import { playBypass } from '#test/support/replay/random-history';
import {
  checkpointOf,
  linesOf,
  seal,
  streamOf,
  testChecks,
  testKeys,
} from '#test/support/replay/sealed-log';

const keys = testKeys();
const history = new History({ logKey: keys.vkey, serviceKey: keys.keyId });
playBypass(history);
const entries = seal(history.entries, keys);
const lines = await linesOf(entries, keys);
const savedCheckpoint = checkpointOf(entries.slice(0, 5), keys);

const audit = (
  over: Partial<Pinned> = {},
  more: Partial<Pick<VerifyOptions, 'savedCheckpoint'>> = { savedCheckpoint },
  of: readonly string[] = lines,
): Promise<Report> =>
  verify({
    lines: streamOf(of),
    pinned: { logKeys: [keys.vkey], serviceKeys: [keys.keyId], ...over },
    checks: testChecks,
    ...more,
  });

const told = (report: Report) => {
  const text = reportLines(report);
  return {
    first: text[0],
    last: text.at(-1),
    text: text.join('\n'),
    html: verdictView(report).html,
  };
};

const unprovenOf = ({ verdict }: Report) =>
  verdict.outcome === 'in-part' ? verdict.unproven.map((one) => one.what) : [];

describe('a verdict', () => {
  it('is whole where a checkpoint was saved, keys were pinned, and the root is no evaluation', async () => {
    const report = await audit();
    expect(report.verdict).toEqual({ outcome: 'whole' });
    const { first, last, html } = told(report);
    expect(first).toBe(`VERIFIED: ${entries.length} entries, 1 request.`);
    expect(last).toBe(first);
    expect(html).toContain('class="verdict proved"');
    expect(html).not.toContain('<li>');
  });

  it.each([
    ['no checkpoint was saved', {}, {}, ['tail'], 'VERIFIED except the tail. In all'],
    [
      'no service key was pinned',
      { serviceKeys: 'from-log' },
      { savedCheckpoint },
      ['service-key'],
      'VERIFIED except the service key. In all',
    ],
    [
      'the root is of an embedded authority',
      { evaluation: true },
      { savedCheckpoint },
      ['trusted-root'],
      'VERIFIED except what the trusted root attests (EVALUATION). In all',
    ],
    [
      'all three are so',
      { serviceKeys: 'from-log', evaluation: true },
      {},
      ['tail', 'service-key', 'trusted-root'],
      'VERIFIED except the tail; the service key; what the trusted root attests (EVALUATION). In all',
    ],
  ] as const)('is not whole where %s, and says so', async (_, over, more, unproven, words) => {
    const report = await audit(over, more);
    expect(report.ok).toBe(true);
    expect(unprovenOf(report)).toEqual(unproven);
    const { first, last, text, html } = told(report);
    expect(first).toContain(words);
    expect(last).toBe(first);
    expect(html).toContain('class="verdict unproven"');
    expect(html).not.toContain('proved"');
    const { verdict } = report;
    for (const { why } of verdict.outcome === 'in-part' ? verdict.unproven : []) {
      expect(text).toContain(why);
      expect(html).toContain(`<li>${why}`);
    }
  });

  it('of a refusal counts the findings and says where the first is', async () => {
    const report = await audit({}, {}, lines.toSpliced(6, 1));
    expect(report.verdict).toMatchObject({ outcome: 'refused', firstAt: 4 });
    const { first, html } = told(report);
    expect(first).toMatch(
      /^REFUSED: this log does not hold\. \d+ findings, the first in entry 4\.$/,
    );
    expect(html).toContain('class="verdict refused"');
  });

  it('of a file that is none of ours says what to do, though it has a thousand findings', async () => {
    const [header = '', ...rest] = lines;
    const many = Array.from({ length: 1_001 }, () => rest.find((one) => one.includes('"entry"')));
    const report = await audit({}, {}, [header, ...many.map(String), 'breaks off']);
    expect(report.counts.findings).toBeGreaterThan(1_000);
    expect(report.verdict).toMatchObject({ outcome: 'unreadable', line: 1_003 });
    const { first, html } = told(report);
    expect(first).toBe(
      'UNREADABLE: line 1003 cannot be read: it is not JSON. Copy it anew, or have it exported anew.',
    );
    expect(html).toContain('class="verdict refused"');
  });

  it('of a refusal under an evaluation root says so too', async () => {
    const report = await audit({ evaluation: true }, {}, lines.toSpliced(6, 1));
    expect(told(report).text).toContain('EVALUATION: the pinned root is of an embedded authority');
    expect(told(report).html).toContain('EVALUATION: the pinned root is of an embedded authority');
  });
});
