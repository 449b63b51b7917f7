import { describe, expect, it } from 'vitest';
import { slsaSubjects } from '#ledger/provenance/slsa-subjects';
import { IMAGE, inBundle, inEnvelope, slsaStatement } from '#test/support/provenance/attestations';

const OTHER = `sha256:${'0a1b'.repeat(16)}`;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const subjects = (text: string): readonly string[] | null => {
  const found = slsaSubjects(bytes(text));
  return found === null ? null : [...found];
};
const statement = slsaStatement();

describe('the subjects of SLSA provenance', () => {
  it.each([
    ['an in-toto statement', JSON.stringify(statement)],
    ['one written over many lines', JSON.stringify(statement, null, 2)],
    ['a DSSE envelope', JSON.stringify(inEnvelope(statement))],
    ['a Sigstore bundle', JSON.stringify(inBundle(statement))],
    ['a line of a bundle of attestations', `${JSON.stringify(inEnvelope(statement))}\n`],
  ])('are read from %s', (_, text) => {
    expect(subjects(text)).toEqual([IMAGE]);
  });

  it.each(['https://in-toto.io/Statement/v0.1', 'https://in-toto.io/Statement/v1'])(
    'are read from a statement of type %s',
    (type) => {
      expect(subjects(JSON.stringify(slsaStatement([IMAGE], { type })))).toEqual([IMAGE]);
    },
  );

  it('are read from the version before', () => {
    const older = slsaStatement([IMAGE], { predicateType: 'https://slsa.dev/provenance/v0.2' });
    expect(subjects(JSON.stringify(older))).toEqual([IMAGE]);
  });

  it('are read where the payload is in the alphabet for addresses', () => {
    const envelope = inEnvelope({ ...statement, note: '???>>>' });
    const payload = Buffer.from(envelope.payload, 'base64').toString('base64url');
    expect(payload).toMatch(/[-_]/);
    expect(subjects(JSON.stringify({ ...envelope, payload }))).toEqual([IMAGE]);
  });

  it('are those of all its statements, by every algorithm', () => {
    const lines = [
      JSON.stringify(inBundle(slsaStatement([OTHER, 'sha512:abcd']))),
      'not json',
      JSON.stringify(
        inEnvelope(slsaStatement([IMAGE], { predicateType: 'https://spdx.dev/Document' })),
      ),
      JSON.stringify(statement),
    ];
    expect(subjects(lines.join('\n'))).toEqual([OTHER, 'sha512:abcd', IMAGE]);
  });

  it('are none where the provenance names none', () => {
    expect(subjects(JSON.stringify({ ...statement, subject: [] }))).toEqual([]);
    expect(subjects(JSON.stringify({ ...statement, subject: [{ name: 'x' }, 7, null] }))).toEqual(
      [],
    );
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '<html>not found</html>'],
    ['a list', '[]'],
    [
      'another predicate',
      JSON.stringify(slsaStatement([IMAGE], { predicateType: 'https://spdx.dev/Document' })),
    ],
    [
      'another kind of statement',
      JSON.stringify({ ...statement, _type: 'https://example.com/v1' }),
    ],
    ['another payload', JSON.stringify({ ...inEnvelope(statement), payloadType: 'text/plain' })],
    ['a payload that is no text', JSON.stringify({ ...inEnvelope(statement), payload: 7 })],
    ['a payload that is no JSON', JSON.stringify({ ...inEnvelope(statement), payload: 'AAAA' })],
  ])('cannot be read from %s', (_, text) => {
    expect(subjects(text)).toBeNull();
  });

  it('cannot be read from what is no UTF-8', () => {
    expect(slsaSubjects(Uint8Array.of(0xff, 0xfe, 0x7b))).toBeNull();
  });

  it('cannot be read from what is nested without end', () => {
    expect(subjects('['.repeat(1_000_000))).toBeNull();
  });
});
