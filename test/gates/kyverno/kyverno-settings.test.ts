import { describe, expect, it } from 'vitest';
import { readKyvernoSettings } from '#runtime/config/kyverno-settings';

const IN_POD = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
const OUTSIDE = {
  KYVERNO_EXCEPTION_NAMESPACE: 'breakglass-exceptions',
  KYVERNO_API_URL: 'https://cluster.acme.example:6443/',
  KYVERNO_TOKEN_FILE: '/run/token',
};

describe('the settings of Kyverno', () => {
  it('are none where nothing is set, in a pod too', () => {
    expect(readKyvernoSettings(IN_POD)).toEqual({ ok: true, settings: null });
  });

  it('need a namespace alone inside a pod', () => {
    expect(readKyvernoSettings({ ...IN_POD, KYVERNO_EXCEPTION_NAMESPACE: 'x' })).toEqual({
      ok: true,
      settings: {
        apiUrl: 'https://10.0.0.1:443',
        tokenFile: '/var/run/secrets/kubernetes.io/serviceaccount/token',
        caFile: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
        namespace: 'x',
        watchToken: null,
      },
    });
  });

  it('name the cluster outside of one', () => {
    expect(readKyvernoSettings(OUTSIDE)).toMatchObject({
      settings: {
        apiUrl: 'https://cluster.acme.example:6443',
        tokenFile: '/run/token',
        caFile: null,
      },
    });
  });

  it('take an address of version 6', () => {
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KYVERNO_EXCEPTION_NAMESPACE: 'x' };
    expect(readKyvernoSettings(env)).toMatchObject({
      settings: { apiUrl: 'https://[fd00::1]:443' },
    });
  });

  it.each([
    ['KYVERNO_EXCEPTION_NAMESPACE', { KYVERNO_EXCEPTION_NAMESPACE: undefined }],
    ['KYVERNO_EXCEPTION_NAMESPACE', { KYVERNO_EXCEPTION_NAMESPACE: '*' }],
    ['KYVERNO_API_URL', { KYVERNO_API_URL: undefined }],
    ['KYVERNO_API_URL', { KYVERNO_API_URL: 'http://cluster.acme.example' }],
    ['KYVERNO_API_URL', { KYVERNO_API_URL: 'https://u:secret@cluster.acme.example' }],
    ['KYVERNO_TOKEN_FILE', { KYVERNO_TOKEN_FILE: '' }],
    ['KYVERNO_WATCH_TOKEN', { KYVERNO_WATCH_TOKEN: 'secret' }],
  ])('say what to write for %s, and show no value: %j', (setting, change) => {
    const read = readKyvernoSettings({ ...OUTSIDE, ...change });
    expect(read).toMatchObject({ ok: false, mistakes: [{ setting }] });
    expect(JSON.stringify(read)).not.toContain('secret');
  });
});
