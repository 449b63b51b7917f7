import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { disagreements } from '#test/support/interop/agree';
import type { ProgramName } from '#test/support/interop/programs';
import { skips } from '#test/support/interop/skip';
import { cases, type Case } from '#test/support/interop/tamperings';
import {
  composedWorld,
  embeddedWorld,
  realWorld,
  type InteropWorld,
} from '#test/support/interop/world';

interface Stack {
  readonly title: string;
  readonly programs: readonly ProgramName[];
  readonly start: () => Promise<InteropWorld>;
}

const STACKS: readonly Stack[] = [
  {
    title: 'entries signed with the embedded authority',
    programs: ['cosign'],
    start: embeddedWorld,
  },
  {
    title: 'entries signed with Fulcio, a certificate log, Rekor v1 and timestamp-authority',
    programs: [
      ...(['cosign', 'fulcio', 'timestampServer', 'rekor', 'ctServer'] as const),
      ...(['trillianServer', 'trillianSigner', 'createTree'] as const),
    ],
    start: realWorld,
  },
  {
    title: 'entries signed with Fulcio, Rekor v2 and timestamp-authority',
    programs: ['cosign', 'fulcio', 'timestampServer', 'rekorTiles'],
    start: composedWorld,
  },
];

describe.each(STACKS)('$title', ({ title, programs, start }) => {
  const skipped = skips(title, programs);
  let world: InteropWorld | undefined;
  let all: readonly Case[];
  beforeAll(async () => {
    if (skipped) return;
    world = await start();
    all = await cases(world);
  }, 300_000);
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
  });

  test.skipIf(skipped)(
    'are accepted and refused alike by our verifier, cosign and OpenSSL',
    async () => {
      if (world === undefined) throw new Error('nothing was started');
      const found: Record<string, readonly string[]> = {};
      for (const one of all) {
        const wrong = await disagreements(world, one);
        if (wrong.length > 0) found[one.name] = wrong;
      }
      expect(found).toEqual({});
      expect(all.length).toBeGreaterThan(20);
    },
    300_000,
  );
});
