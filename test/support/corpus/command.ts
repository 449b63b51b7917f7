import { auditVerify } from '#cli/audit-verify';
import type { AuditVerifyFlags } from '#cli/audit-verify-flags';
import { streamOf } from '#test/support/replay/sealed-log';
import type { Base } from './base.ts';
import { jwksOf, OWN_KEY_CLIENT, PROVIDER } from './provider.ts';

export interface Ran {
  readonly code: number;
  readonly words: string;
  /** What was written, by file. */
  readonly written: ReadonlyMap<string, string>;
}

/** `breakglass audit verify` on these lines, with what an auditor of the base pins. */
export async function auditCommand(
  { keys, signer }: Base,
  lines: readonly string[],
  over: Partial<AuditVerifyFlags> = {},
  savedCheckpoint = '',
): Promise<Ran> {
  const out: string[] = [];
  const print = (line: string): void => void out.push(line);
  const written = new Map<string, string>();
  const files = new Map([
    ['root.json', JSON.stringify(signer.trustedRoot)],
    ['checkpoint.txt', savedCheckpoint],
    ['provider.json', jwksOf(signer.provider)],
    ['empty.json', '{"keys":[]}'],
  ]);
  const { issuer, uri } = signer.workload;
  const code = await auditVerify({
    readLines: () => streamOf(lines),
    readText: async (path) => {
      const text = files.get(path);
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return text;
    },
    writeText: async (path, text) => {
      if (path.includes('/')) throw Object.assign(new Error('no folder'), { code: 'ENOENT' });
      written.set(path, text);
    },
    io: { out: print, err: print },
    flags: {
      export: 'export.jsonl',
      trustedRoot: 'root.json',
      logKey: [keys.vkey],
      serviceKey: [keys.keyId],
      issuer: [signer.issuer.issuerUrl, PROVIDER],
      ...(savedCheckpoint === '' ? {} : { checkpoint: 'checkpoint.txt' }),
      requireCheckpoint: false,
      acceptErased: false,
      acceptRecordedKeys: false,
      providerKeys: [`${PROVIDER}=provider.json`],
      ownKeyClient: [`${PROVIDER}=${OWN_KEY_CLIENT}`],
      workload: [`${issuer}=${uri}`],
      json: false,
      ...over,
    },
  });
  return { code, words: out.join('\n'), written };
}
