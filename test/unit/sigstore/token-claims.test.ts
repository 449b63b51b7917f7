import { describe, expect, test } from 'vitest';
import { judgeClaims } from '#sigstore/embedded/token-claims';
import type { TrustedIssuer } from '#sigstore/embedded/token-claims';

const now = new Date('2026-03-01T02:00:00Z');
const seconds = now.getTime() / 1000;
const base = { iss: 'https://id.example.com', aud: 'sigstore', exp: seconds + 60, sub: 'abc' };
const amy = { email: 'amy@example.com', email_verified: true };
const people: TrustedIssuer = { issuer: base.iss, clientId: 'sigstore', type: 'email' };
const machines: TrustedIssuer = {
  issuer: base.iss,
  clientId: 'sigstore',
  type: 'uri',
  subjectDomain: 'https://ci.example.com',
};

describe('times', () => {
  test('a token is good to the last second before it expires, and not at it', () => {
    expect(judge({ ...amy, exp: seconds + 1 })).toHaveProperty('identity');
    expect(judge({ ...amy, exp: seconds })).toBe('expired');
  });

  test('an issuer may be five minutes ahead, and no more', () => {
    expect(judge({ ...amy, nbf: seconds + 300 })).toHaveProperty('identity');
    expect(judge({ ...amy, nbf: seconds + 301 })).toBe('not-yet-valid');
  });
});

test('an audience may be one of several', () => {
  expect(judge({ ...amy, aud: ['other', 'sigstore'] })).toHaveProperty('identity');
  expect(judge({ ...amy, aud: ['other'] })).toBe('wrong-audience');
  expect(judge({ ...amy, aud: [] })).toBe('wrong-audience');
});

test('the issuer must be the very one whose keys verified it', () => {
  expect(judge({ ...amy, iss: 'https://id.example.com/' })).toBe('wrong-issuer');
});

test('a claim of the wrong type is malformed, not guessed at', () => {
  expect(judge({ ...amy, exp: String(seconds + 60) })).toBe('malformed');
  expect(judge({ ...amy, jti: '' })).toBe('malformed');
  expect(judgeClaims(undefined, people, now)).toBe('malformed');
});

describe('subjects that are URIs', () => {
  test('are the name of who signs', () => {
    const sub = 'https://ci.example.com/run/1';
    expect(judge({ sub }, machines)).toMatchObject({ identity: { type: 'uri', name: sub } });
  });

  test.each([
    'https://ci.example.com.evil.io/run',
    'http://ci.example.com/run',
    'https://evil.io/?https://ci.example.com',
    'https://ci.example.com/rün',
    'not a uri',
  ])('«%s» is not in the domain', (sub) => {
    expect(judge({ sub }, machines)).toBe('subject-not-in-domain');
  });

  test('are refused when no domain was configured: nothing is not everything', () => {
    const { subjectDomain: _none, ...open } = machines;
    expect(judge({ sub: 'https://ci.example.com/run/1' }, open)).toBe('subject-not-in-domain');
  });
});

function judge(claims: Record<string, unknown>, issuer = people): unknown {
  return judgeClaims({ ...base, ...claims }, issuer, now);
}
