import { describe, expect, test } from 'vitest';
import { auditVerify } from '#cli/audit-verify';
import { SignatureWorkerDied } from '#cli/signature-pool/signature-worker-died';
import { TemporaryBytesLost } from '#cli/temporary-bytes';
import { testKeys } from '#test/support/replay/sealed-log';

const keys = testKeys();
const ROOT = JSON.stringify({
  mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
  tlogs: [],
  certificateAuthorities: [],
  ctlogs: [],
  timestampAuthorities: [],
});

/** A verification that meets this on its way. */
async function verifyMeeting(
  error: Error,
): Promise<{ readonly code: number; readonly err: string }> {
  const err: string[] = [];
  const code = await auditVerify({
    readLines: async function* () {
      yield [];
      throw error;
    },
    readText: async () => ROOT,
    io: { out: () => undefined, err: (line) => void err.push(line) },
    flags: {
      export: 'export.jsonl',
      trustedRoot: 'root.json',
      logKey: [keys.vkey],
      serviceKey: [keys.keyId],
      issuer: [],
      providerKeys: [],
      ownKeyClient: [],
      workload: [],
      requireCheckpoint: false,
      acceptErased: false,
      acceptRecordedKeys: false,
      json: false,
    },
  });
  return { code, err: err.join('\n') };
}

const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });

describe('a verification that breaks off', () => {
  test('for want of room is no refusal of the log, and says what to do', async () => {
    const { code, err } = await verifyMeeting(new TemporaryBytesLost('not-written', full));
    expect(code).toBe(2);
    expect(err).toMatch(/broke off: .*not-written.*ENOSPC.*TMPDIR/);
  });

  test('with a thread that died is none either', async () => {
    const { code, err } = await verifyMeeting(new SignatureWorkerDied('exited'));
    expect(code).toBe(2);
    expect(err).toMatch(/broke off: .*exited.*--workers 0/);
  });

  test('by a fault of ours is thrown on', async () => {
    await expect(verifyMeeting(new RangeError('no table'))).rejects.toThrow(RangeError);
  });
});
