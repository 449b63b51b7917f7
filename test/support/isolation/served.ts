import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { generateDecisionKey } from '#http/decision-key';
import { createDecisionSigner } from '#http/decision-signer';
import { UNMEASURED } from '#application/ports/measure';
import { readConfig } from '#runtime/config/read-config';
import { mountService } from '#runtime/mount-service';
import { openCircuits } from '#runtime/open-circuits';
import { openPushGates } from '#runtime/push-gates';
import { mountRoutes } from '#runtime/routes';
import { openSignIn } from '#runtime/sign-in';
import type { Replica } from '#test/support/application/replica';
import type { TestTenant } from '#test/support/application/test-tenant';

export const WATCH_TOKEN = randomBytes(32).toString('hex');

/**
 * The service's whole HTTP side over a replica, as `startService` mounts it, for as long as the test
 * runs. Gate systems tell what they saw for `house`, the one tenant of such an installation.
 */
export async function served({ ports, stores, pool }: Replica, house: TestTenant) {
  const read = readConfig({
    SLACK_BOT_TOKEN: 'xoxb-1',
    SLACK_APP_TOKEN: 'xapp-1',
    BREAKGLASS_POLICY: 'policy.yaml',
    PORT: '0',
    SIGN_IN_ISSUER: 'https://127.0.0.1:9',
    SIGN_IN_CLIENT_ID: 'web',
    SIGN_IN_CLIENT_SECRET: 'client-secret',
  });
  if (!read.ok) throw new RangeError(`not right: ${JSON.stringify(read.mistakes)}`);
  const { config, secrets } = read;
  const log = pino({ level: 'silent' });
  const cleanup = new AsyncDisposableStack();
  onTestFinished(() => cleanup.disposeAsync());
  const routes = await mountRoutes(config, log, cleanup);
  const { privateJwk, keyId } = await generateDecisionKey();
  const issuer = 'https://breakglass.example';
  const decisionSigner = createDecisionSigner({ keys: () => [{ privateJwk, keyId }], issuer });
  const nowhere = 'http://127.0.0.1:9';
  const urls = { fulcioUrl: nowhere, tsaUrl: nowhere, rekorUrl: nowhere, rekorVersion: 2 } as const;
  const circuits = openCircuits(log);
  const signer = { urls, circuits, trustedRoot: null };
  const opa = {
    urls: [nowhere],
    token: null,
    caFile: null,
    dataPath: ['breakglass'],
    decisionPath: ['deploy'],
    watchToken: WATCH_TOKEN,
  };
  routes.mount(openPushGates({ kyverno: null, opa }, ports, house.id, log).routes);
  mountService(
    routes,
    {
      ports,
      stores,
      pool,
      signing: { decisionSigner },
      signIn: await openSignIn(config, secrets, routes.url, signer, log),
      slack: {},
      callers: { read: () => null, verify: async () => ({ fault: 'not-verified' }) },
      measure: UNMEASURED,
    },
    config,
    () => stores.tenants.now(),
    log,
  );
  return { url: routes.url };
}
