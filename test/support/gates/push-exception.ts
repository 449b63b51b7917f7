import { tenantId } from '#domain/ids';
import { kyvernoGate } from '#gates/kyverno/kyverno-gate';
import { opaGate } from '#gates/opa/opa-gate';
import { wanted } from './wanted.ts';

/**
 * `node push-exception.ts opa|kyverno URL TTL_MS [TOKEN_FILE]`: a service that pushes one bypass, tells when it
 * ends, and then lives on, so that it can be killed.
 */
const [kind = '', url = '', ttlMs = '', tokenFile = ''] = process.argv.slice(2);
const expiresAt = Date.now() + Number(ttlMs);
const tenant = tenantId('acme');
const watchToken = 'w'.repeat(32);
const gate = kind === 'kyverno' ? kyverno() : opa();
await gate.reconcile(tenant, 'image-policy', [wanted('b1', { expiresAt })]);
process.stdout.write(`${expiresAt}\n`);
setInterval(() => undefined, 60_000);

function opa() {
  return opaGate({
    tenant,
    gateSettings: () => Promise.resolve({}),
    settings: {
      urls: [url],
      token: null,
      caFile: null,
      dataPath: ['breakglass', 'exceptions'],
      decisionPath: ['breakglass', 'gate', 'decision'],
      watchToken,
    },
  });
}

function kyverno() {
  return kyvernoGate({
    tenant,
    gateSettings: () => Promise.resolve({ policy: 'ValidatingPolicy/release-images' }),
    settings: {
      apiUrl: url,
      tokenFile,
      caFile: null,
      namespace: 'breakglass-exceptions',
      watchToken,
    },
    log: { warn: () => undefined },
  });
}
