import { afterAll, describe, expect, it } from 'vitest';
import { SECOND_MS } from '#domain/instant';
import type { IdentityModeName } from '#ledger/verify/identity-modes';
import type { Report } from '#ledger/verify/report';
import { sealForReal, startBase } from '#test/support/corpus/base';
import { cosigned, withCosigned, WITNESS } from '#test/support/corpus/cheats/witnessed';
import { auditCommand } from '#test/support/corpus/command';
import {
  entryAt,
  exportOf,
  withEntry,
  writtenLines,
  type Export,
} from '#test/support/corpus/export';
import { OWN_KEY_CLIENT, PROVIDER, SSO_CLIENT } from '#test/support/corpus/provider';
import { auditorOf } from '#test/support/corpus/verdict';

const base = await startBase();
const audit = auditorOf(base);
afterAll(() => base[Symbol.asyncDispose]());

const honest = await writtenLines(base.export);
const [firstSignIn, secondSignIn] = base.history.entries.flatMap(({ event }, index) =>
  event.type === 'sign-in.recorded' ? [index] : [],
);
const recordedAt = base.indexOf('provider.keys');
const pressedAt = base.history.entries[base.indexOf('approval.given', 'sso')]?.event.at ?? 0;

const counted = ({ identityModes }: Report): Record<IdentityModeName, number> =>
  Object.fromEntries(identityModes.map((one) => [one.mode, one.entries])) as Record<
    IdentityModeName,
    number
  >;

const step = ({ steps }: Report, name: string) => steps.find((one) => one.name === name);

/** As after an erasure: the value and its salt are gone. */
function without(of: Export, index: number, name: string): Export {
  const { [name]: _, ...openings } = entryAt(of, index).openings;
  return withEntry(of, index, { openings });
}

describe('the identity modes', () => {
  it('are told with how many were signed in each', async () => {
    const { report, words } = await audit(honest);
    expect(counted(report)).toEqual({ broker: 7, sso: 1, 'own-key': 1, workload: 1 });
    expect(words).toContain('an identity of the approver, minted for one act by the workload');
    expect(words).toContain(
      "A fresh sign-in at the tenant's identity provider, bound to the digest",
    );
    expect(words).toContain("only this is beyond the service's reach");
  });

  it('call nothing an own key whose client the auditor did not pin', async () => {
    const { report } = await audit(honest, { ownKeyClients: [] });
    expect(report.findings).toEqual([]);
    expect(counted(report)).toMatchObject({ sso: 2, 'own-key': 0 });
    const other = [{ issuer: 'https://id.evil.example', client: OWN_KEY_CLIENT }];
    expect(counted((await audit(honest, { ownKeyClients: other })).report)).toMatchObject({
      sso: 2,
    });
  });

  it('are of the clients that the auditor pinned, where they pinned any', async () => {
    const sso = { issuer: PROVIDER, client: SSO_CLIENT };
    const { report } = await audit(honest, { signInClients: [sso] });
    expect(report.findings).toEqual([]);
    const others = [
      { signInClients: [{ ...sso, client: 'a-wiki' }] },
      { signInClients: [{ ...sso, issuer: 'https://id.evil.example' }] },
    ];
    for (const pins of others) {
      const refused = await audit(honest, pins);
      expect(refused.report.findings).toMatchObject([
        { code: 'sign-in-client-not-pinned', index: firstSignIn },
      ]);
      expect(refused.words).toContain(`The client ${SSO_CLIENT} of ${PROVIDER} asked for`);
    }
    // An own key's client is one of them only if it is pinned as such.
    const unpinned = await audit(honest, { signInClients: [sso], ownKeyClients: [] });
    expect(unpinned.report.findings).toMatchObject([
      { code: 'sign-in-client-not-pinned', index: secondSignIn },
    ]);
  });

  it('call nothing an own key whose ID token was erased', async () => {
    const { report } = await audit(
      await writtenLines(without(base.export, secondSignIn ?? 0, 'idToken')),
    );
    expect(report.ok).toBe(true);
    expect(counted(report)).toMatchObject({ sso: 2, 'own-key': 0 });
    expect(report.unprovenSignIns).toMatchObject([{ index: secondSignIn, why: 'erased' }]);
    expect(step(report, 'sign-ins')?.status).toBe('unproven');
  });
});

describe('the keys of an identity provider', () => {
  const unpinned = { providerKeys: [], witnesses: [WITNESS.vkey] };
  const seen = async (size: number, at: number) =>
    (await audit(await writtenLines(withCosigned(base, cosigned(base, size, at))), unpinned))
      .report;

  it('are unproven where the log alone tells them', async () => {
    const { report, words } = await audit(honest, { providerKeys: [] });
    expect(report.ok).toBe(true);
    expect(report.counts.unprovenSignIns).toEqual({ erased: 0, keys: 2 });
    expect(report.unprovenSignIns.map((one) => one.index)).toEqual([firstSignIn, secondSignIn]);
    expect(words).toContain(
      `the key of ${PROVIDER} is told by entry ${recordedAt} of this log alone`,
    );
    expect(words).toMatch(/^VERIFIED except sign-ins of 2 entries: \d+, \d+/m);
  });

  it('are good where a pinned witness had seen them before the sign-in', async () => {
    const report = await seen(recordedAt + 1, pressedAt);
    expect(report.counts.unprovenSignIns).toEqual({ erased: 0, keys: 0 });
    expect(step(report, 'sign-ins')?.status).toBe('proved');
  });

  it('are not, where the witness saw them only after it', async () => {
    const report = await seen(recordedAt + 1, pressedAt + 7 * SECOND_MS);
    expect(report.unprovenSignIns.map((one) => one.index)).toEqual([firstSignIn]);
  });

  it('are not, where what the witness saw ended ahead of them', async () => {
    expect((await seen(recordedAt, pressedAt)).counts.unprovenSignIns.keys).toBe(2);
  });

  it('are not, where two witnesses are asked for and one saw them', async () => {
    const lines = await writtenLines(withCosigned(base, cosigned(base, recordedAt + 1, pressedAt)));
    const { report } = await audit(lines, { ...unpinned, witnessesNeeded: 2 });
    expect(report.counts.unprovenSignIns.keys).toBe(2);
  });

  it('of another provider that are pinned prove nothing of this one', async () => {
    const keys = base.signer.provider.pinned;
    const { report } = await audit(honest, { providerKeys: [{ issuer: 'https://id.evil', keys }] });
    expect(report.counts.unprovenSignIns.keys).toBe(2);
  });
});

describe('an approval that stays provisional', () => {
  it('to the end of the log is listed, and refused by nothing where policy allows it', async () => {
    const provisional = base.indexOf('approval.given', 'first');
    const entries = base.history.entries.filter(({ event }) => event.type !== 'entry.attested');
    const { report, words } = await audit(
      await writtenLines(exportOf(await sealForReal(entries, base.keys, base.signer), base.keys)),
    );
    expect(report.findings).toEqual([]);
    expect(report.counts).toMatchObject({ provisional: 1, late: 0, unattested: 1 });
    const person = 'ben (ben@example.com)';
    expect(report.unattested).toMatchObject([{ index: provisional, bypass: 'first', person }]);
    expect(words).toContain(`  entry ${provisional}: of ${person}, for bypass first`);
    expect(words).toContain("only the service's own key signed it");
  });

  it('and is attested late is listed no more', async () => {
    const { report } = await audit(honest);
    expect(report).toMatchObject({ unattested: [], counts: { late: 1, unattested: 0 } });
  });
});

describe('a workload that nobody pinned', () => {
  it('is told, and leaves its step unproven without an exception in the verdict', async () => {
    const { code, words } = await auditCommand(base, honest, { workload: [] });
    expect(words).toContain('– unproven  workload');
    expect(words).toContain('you pinned none');
    expect(code).toBe(0);
  });
});

describe('breakglass audit verify', () => {
  it('exits with 3 for keys that the log alone tells, or 0 for whoever takes them', async () => {
    expect(await auditCommand(base, honest, { providerKeys: [] })).toMatchObject({ code: 3 });
    const taken = { providerKeys: [], acceptRecordedKeys: true };
    expect(await auditCommand(base, honest, taken)).toMatchObject({ code: 0 });
    const erasure = { providerKeys: [], acceptErased: true };
    expect(await auditCommand(base, honest, erasure)).toMatchObject({ code: 3 });
  });

  it('refuses sign-ins of a client that is not the one pinned', async () => {
    const pinned = { signInClient: [`${PROVIDER}=${SSO_CLIENT}`] };
    expect(await auditCommand(base, honest, pinned)).toMatchObject({ code: 0 });
    const other = await auditCommand(base, honest, { signInClient: [`${PROVIDER}=other`] });
    expect(other.code).toBe(1);
    expect(other.words).toContain(`The client ${SSO_CLIENT} of ${PROVIDER} asked for the sign-in`);
  });

  it('exits with 3 for an ID token that was erased, or 0 for whoever knows of it', async () => {
    const lines = await writtenLines(without(base.export, firstSignIn ?? 0, 'idToken'));
    expect(await auditCommand(base, lines)).toMatchObject({ code: 3 });
    expect(await auditCommand(base, lines, { acceptErased: true })).toMatchObject({ code: 0 });
    expect(await auditCommand(base, lines, { acceptRecordedKeys: true })).toMatchObject({
      code: 3,
    });
  });

  it.each([
    [
      'a value without an issuer',
      { providerKeys: ['provider.json'] },
      '--provider-keys is written',
    ],
    ['a file without keys', { providerKeys: [`${PROVIDER}=empty.json`] }, 'is no JWK Set'],
    ['a file that is none', { providerKeys: [`${PROVIDER}=none.json`] }, 'cannot be read'],
    ['a client without an issuer', { ownKeyClient: ['client'] }, '--own-key-client is written'],
    [
      'a sign-in client without an issuer',
      { signInClient: ['web'] },
      '--sign-in-client is written',
    ],
    ['a workload without an issuer', { workload: ['uri'] }, '--workload is written'],
  ])('is used wrongly with %s', async (_, over, told) => {
    const { code, words } = await auditCommand(base, honest, over);
    expect(words).toContain(told);
    expect(code).toBe(2);
  });
});
