import { tenantId } from '#domain/ids';
import { opaGate } from '#gates/opa/opa-gate';
import { wanted } from './wanted.ts';

/**
 * `node push-exception.ts URL TTL_MS`: a service that pushes one bypass, tells when it ends, and then
 * lives on, so that it can be killed.
 */
const [url = '', ttlMs = ''] = process.argv.slice(2);
const expiresAt = Date.now() + Number(ttlMs);
const tenant = tenantId('acme');
const gate = opaGate({
  tenant,
  gateSettings: () => Promise.resolve({}),
  settings: {
    urls: [url],
    token: null,
    caFile: null,
    dataPath: ['breakglass', 'exceptions'],
    decisionPath: ['breakglass', 'gate', 'decision'],
    watchToken: 'w'.repeat(32),
  },
});
await gate.reconcile(tenant, 'image-policy', [wanted('b1', { expiresAt })]);
process.stdout.write(`${expiresAt}\n`);
setInterval(() => undefined, 60_000);
