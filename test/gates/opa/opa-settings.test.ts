import { describe, expect, it } from 'vitest';
import { readOpaSettings } from '#runtime/config/opa-settings';

const WATCH = 'w'.repeat(32);

describe('the settings of OPA', () => {
  it('are none where nothing is set', () => {
    expect(readOpaSettings({ OPA_URL: '' })).toEqual({ ok: true, settings: null });
  });

  it('have defaults for all but the address', () => {
    expect(readOpaSettings({ OPA_URL: 'https://opa.acme.example/' })).toEqual({
      ok: true,
      settings: {
        urls: ['https://opa.acme.example'],
        token: null,
        caFile: null,
        dataPath: ['breakglass', 'exceptions'],
        decisionPath: ['breakglass', 'gate', 'decision'],
        watchToken: null,
      },
    });
  });

  it('take several addresses', () => {
    const read = readOpaSettings({ OPA_URL: 'https://a.example https://b.example:8181/opa' });
    expect(read).toMatchObject({
      settings: { urls: ['https://a.example', 'https://b.example:8181/opa'] },
    });
  });

  it.each([
    ['http://127.0.0.1:8181', undefined],
    ['http://opa.opa.svc:8181', 'yes'],
  ])('take http where nobody listens: %s', (OPA_URL, OPA_PLAIN) => {
    expect(readOpaSettings({ OPA_URL, OPA_PLAIN }).ok).toBe(true);
  });

  it.each([
    ['OPA_URL', { OPA_WATCH_TOKEN: WATCH }],
    ['OPA_URL', { OPA_URL: 'http://opa.opa.svc:8181' }],
    ['OPA_URL', { OPA_URL: 'http://127.example.com' }],
    ['OPA_URL', { OPA_URL: 'https://u:secret@opa.example' }],
    ['OPA_URL', { OPA_URL: 'https://opa.example/v1/data' }],
    ['OPA_URL', { OPA_URL: 'https://opa.example?x=1' }],
    ['OPA_URL', { OPA_URL: 'https://a.example https://a.example' }],
    ['OPA_URL', { OPA_URL: 'opa.example' }],
    ['OPA_DATA_PATH', { OPA_URL: 'https://a.example', OPA_DATA_PATH: '/x' }],
    ['OPA_DATA_PATH', { OPA_URL: 'https://a.example', OPA_DATA_PATH: 'breakglass' }],
    ['OPA_DECISION_PATH', { OPA_URL: 'https://a.example', OPA_DECISION_PATH: 'a..b' }],
    ['OPA_TOKEN', { OPA_URL: 'https://a.example', OPA_TOKEN: 'secret secret' }],
    ['OPA_WATCH_TOKEN', { OPA_URL: 'https://a.example', OPA_WATCH_TOKEN: 'secret' }],
    ['OPA_PLAIN', { OPA_URL: 'https://a.example', OPA_PLAIN: 'true' }],
  ])('say what to write for %s, and show no value: %j', (setting, env) => {
    const read = readOpaSettings(env);
    expect(read).toMatchObject({ ok: false, mistakes: [{ setting }] });
    expect(JSON.stringify(read)).not.toContain('secret');
  });
});
