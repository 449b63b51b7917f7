import { describe, expect, test } from 'vitest';
import { placesOf } from '#cli/approve/places';
import type { Prepared } from '#cli/approve/approval-api';

const named = (fulcioUrl: string): Prepared => ({
  format: 'breakglass-approval/v1',
  statement: '',
  said: {
    gateDescription: '',
    requester: 'J. Doe',
    justification: null,
    incident: null,
    drill: false,
    evaluation: false,
  },
  approver: { name: 'R. Roe', bound: null, mustBeEmail: 'release1@acme.example' },
  pressedAt: '2026-01-01T00:00:00Z',
  expiresAt: '2026-01-01T00:10:00Z',
  provider: { issuer: 'https://idp.example', client: 'own' },
  sigstore: { fulcioUrl, tsaUrl: null, rekorUrl: null, rekorVersion: 1 },
});

describe('the Fulcio that a sign-in is handed to', () => {
  test('is none that the service names and the network reads', async () => {
    await expect(placesOf(named('http://fulcio.example'), {})).rejects.toMatchObject({
      name: 'UsageError',
      message: expect.stringContaining('--fulcio-url'),
    });
  });

  test('may be one that the approver pinned', async () => {
    const fulcioUrl = 'http://fulcio.example';
    expect(await placesOf(named('http://other.example'), { fulcioUrl })).toMatchObject({
      fulcioUrl,
    });
  });

  test.each(['https://fulcio.example', 'http://127.0.0.1:5555'])('may be %s', async (url) => {
    expect(await placesOf(named(url), {})).toMatchObject({ fulcioUrl: url });
  });
});
