import { X509Certificate } from '@sigstore/core';
import type { BaseBlock } from 'asn1js';
import { Utf8String } from 'asn1js';
import { describe, expect, test } from 'vitest';
import { certificateIdentity } from '#sigstore/certificate-identity';
import { encode, implicitPrimitive, octets, sequence } from '#sigstore/der';
import {
  distinguishedName,
  extension,
  randomSerial,
  signCertificate,
  toBeSigned,
} from '#sigstore/embedded/certificate';
import { newSigningKey } from '#sigstore/embedded/signing-key';

const EMAIL = 1;
const DNS = 2;
const URI = 6;
const issuerUrl = 'https://breakglass.example.com';
const amy = name([EMAIL, 'amy@example.com']);
const issuer = extension('1.3.6.1.4.1.57264.1.8', false, utf8(issuerUrl));
const subject = extension('1.3.6.1.4.1.57264.1.24', false, utf8('sha256:abc'));

describe('the identity in a certificate', () => {
  test('is the address, the issuer and the token subject', () => {
    expect(identity(amy, issuer, subject)).toEqual({
      type: 'email',
      value: 'amy@example.com',
      issuer: issuerUrl,
      tokenSubject: 'sha256:abc',
    });
  });

  test('may be a URI, and may lack a token subject', () => {
    const uri = name([URI, 'https://ci.example.com/run/1']);
    expect(identity(uri, issuer)).toEqual({
      type: 'uri',
      value: 'https://ci.example.com/run/1',
      issuer: issuerUrl,
      tokenSubject: undefined,
    });
  });
});

describe('no identity is read from a certificate', () => {
  test('with two names, whichever a reader would prefer', () => {
    const two = name([EMAIL, 'amy@example.com'], [URI, 'https://evil.example.com']);
    expect(identity(two, issuer, subject)).toBeUndefined();
  });

  test('with the alternative names twice', () => {
    const eve = name([EMAIL, 'eve@example.com']);
    expect(identity(amy, eve, issuer, subject)).toBeUndefined();
  });

  test('with an address that is ASCII only when its high bits are masked', () => {
    const masked = Buffer.from('amy@example.com', 'latin1');
    masked[0] = masked.readUInt8(0) | 0x80;
    const trick = name([EMAIL, masked.toString('latin1')]);
    expect(certificateOf(trick, issuer).extSubjectAltName?.rfc822Name).toBe('amy@example.com');
    expect(identity(trick, issuer, subject)).toBeUndefined();
  });

  test('with a name of another kind, or none', () => {
    expect(identity(name([DNS, 'example.com']), issuer, subject)).toBeUndefined();
    expect(identity(issuer, subject)).toBeUndefined();
  });

  test('without an issuer, or with two', () => {
    expect(identity(amy, subject)).toBeUndefined();
    expect(identity(amy, issuer, issuer, subject)).toBeUndefined();
  });

  test('with a token subject that is no UTF8String, or is there twice', () => {
    const raw = extension('1.3.6.1.4.1.57264.1.24', false, encode(octets(Buffer.from('abc'))));
    expect(identity(amy, issuer, raw)).toBeUndefined();
    expect(identity(amy, issuer, subject, subject)).toBeUndefined();
  });
});

function identity(...extensions: BaseBlock[]): unknown {
  return certificateIdentity(certificateOf(...extensions));
}

function certificateOf(...extensions: BaseBlock[]): X509Certificate {
  const key = newSigningKey();
  const own = distinguishedName('Example', 'test');
  const tbs = toBeSigned({
    serial: randomSerial(),
    issuer: own,
    subject: own,
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2026-01-01T00:10:00Z'),
    spki: key.spki,
    extensions,
  });
  return X509Certificate.parse(signCertificate(tbs, key));
}

function name(...names: readonly (readonly [number, string])[]): BaseBlock {
  const list = names.map(([tag, value]) => implicitPrimitive(tag, Buffer.from(value, 'latin1')));
  return extension('2.5.29.17', true, encode(sequence(...list)));
}

function utf8(value: string): Buffer {
  return encode(new Utf8String({ value }));
}
