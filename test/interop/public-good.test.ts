import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createBundleVerifier } from '#sigstore/verify-bundle';
import { keptFile } from '#test/support/interop/programs';
import { tell } from '#test/support/interop/results';
import { skips } from '#test/support/interop/skip';

const skipped = skips('a bundle of the public instance', ['cosign'], []);

const seeds = z.record(z.string(), z.object({ targets: z.record(z.string(), z.string()) }));
const bundleFile = z.looseObject({ dsseEnvelope: z.looseObject({ payload: z.base64() }) });

/** Of a package that `sigstore` depends on. */
const SEEDS = '@sigstore/tuf/seeds.json';

/** The trusted root of Sigstore's public instance, as its npm package brings it. */
function publicRoot(): unknown {
  const require = createRequire(import.meta.url);
  const ofSigstore = createRequire(require.resolve('sigstore'));
  const file = ofSigstore.resolve(SEEDS);
  const [repository] = Object.values(seeds.parse(JSON.parse(readFileSync(file, 'utf8'))));
  const target = repository?.targets['trusted_root.json'] ?? '';
  return JSON.parse(Buffer.from(target, 'base64').toString());
}

test.skipIf(skipped)(
  'a bundle of the public instance verifies under its root, and not where a timestamp is asked for',
  () => {
    const bundle = bundleFile.parse(JSON.parse(readFileSync(keptFile('cosign'), 'utf8')));
    const statement = Buffer.from(bundle.dsseEnvelope.payload, 'base64');
    const root = publicRoot();
    // It was signed before the public instance had a timestamp authority: the log's promise tells when.
    const verified = createBundleVerifier(root, { tsaThreshold: 0 })(bundle, statement);
    const [world, by] = ["a bundle of Sigstore's public instance", 'ours'];
    const outcome = verified.verified ? 'accepted' : `refused: ${verified.code}`;
    tell({ world, check: 'untouched', by, outcome, agrees: verified.verified });
    expect(verified).toMatchObject({ verified: true, issuer: 'https://github.com/login/oauth' });
    const strict = createBundleVerifier(root)(bundle, statement);
    expect(strict).toMatchObject({ verified: false, code: 'timestamp' });
    const { payload } = bundle.dsseEnvelope;
    const changed = {
      ...bundle,
      dsseEnvelope: { ...bundle.dsseEnvelope, payload: `${payload.slice(0, -8)}AAAAAAA=` },
    };
    const forged = Buffer.from(changed.dsseEnvelope.payload, 'base64');
    const refused = createBundleVerifier(root, { tsaThreshold: 0 })(changed, forged);
    expect(refused).toMatchObject({ verified: false });
  },
);
