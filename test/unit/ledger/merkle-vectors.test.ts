import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyConsistency, verifyInclusion } from '#ledger/merkle-verify';

// The public vectors of github.com/transparency-dev/merkle (its `testdata` folder, which holds
// `inclusion` and `consistency`) are not copied here: name a checkout to test against them.
const folder = process.env['RFC6962_VECTORS'];

type Vector = {
  readonly file: string;
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
  readonly [field: string]: unknown;
};

function vectors(kind: 'inclusion' | 'consistency'): Vector[] {
  if (folder === undefined) return [];
  const root = join(folder, kind);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => ({ ...(JSON.parse(readFileSync(join(root, file), 'utf8')) as Vector), file }));
}

const bytes = (text: unknown): Uint8Array => new Uint8Array(Buffer.from(text as string, 'base64'));
const proofOf = ({ proof }: Vector): Uint8Array[] => (proof ?? []).map(bytes);

// Sizes are uint64 in the vectors. Those beyond 2^53 lose digits as they are parsed, and stay
// beyond 2^53: they are refused for being there, whatever their digits.
describe.skipIf(folder === undefined)('the public vectors of RFC 6962', () => {
  it('are all there', () => {
    expect(vectors('inclusion')).toHaveLength(98);
    expect(vectors('consistency')).toHaveLength(98);
  });

  it.each(vectors('inclusion'))('inclusion $file', (vector) => {
    const verdict = verifyInclusion({
      index: vector['leafIdx'] as number,
      size: vector['treeSize'] as number,
      leafHash: bytes(vector['leafHash']),
      root: bytes(vector['root']),
      proof: proofOf(vector),
    });
    expect(verdict === true).toBe(!vector.wantErr);
  });

  it.each(vectors('consistency'))('consistency $file', (vector) => {
    const verdict = verifyConsistency({
      oldSize: vector['size1'] as number,
      newSize: vector['size2'] as number,
      oldRoot: bytes(vector['root1']),
      newRoot: bytes(vector['root2']),
      proof: proofOf(vector),
    });
    expect(verdict === true).toBe(!vector.wantErr);
  });
});

if (folder === undefined) {
  process.stderr.write('SKIPPED: RFC6962_VECTORS is not set, so no public vector was checked\n');
}
