import { tenantKeyStore } from './tenant-key-store.ts';
import { localKeyRing } from './local-key.ts';
import type { Jobs } from '#postgres/jobs';
import { inspection } from '#postgres/inspect/inspection';
import { alarmStore } from '#postgres/store/alarm-store';
import { cosignatureStore } from '#postgres/store/cosignature-store';
import { eventStore } from '#postgres/store/event-store';
import { firstLooks } from '#postgres/store/first-looks';
import { gatePushStore } from '#postgres/store/gate-push-store';
import { incidentSources } from '#postgres/store/incident-store';
import { reviewIssueStore } from '#postgres/store/review-issue-store';
import { digestStore } from '#postgres/store/digest-store';
import { destinationStore } from '#postgres/store/destination-store';
import { logProofs } from '#postgres/store/log-proofs';
import { installAttempts } from '#postgres/store/install-attempts';
import { installationStore } from '#postgres/store/installation-store';
import { homeStore } from '#postgres/store/home-store';
import { installationKeyStore } from '#postgres/store/installation-key-store';

import { linkStore } from '#postgres/store/link-store';
import { logHolds } from '#postgres/store/log-holds';
import { logReader } from '#postgres/store/log-reader';
import { resealing } from '#postgres/store/resealing';
import { pageStore } from '#postgres/store/page-store';
import { peopleStore } from '#postgres/store/people-store';
import { policyCache } from '#postgres/store/policy-cache';
import { pressSeals } from '#postgres/press-seal';
import { pressStore } from '#postgres/store/press-store';
import { secretStore } from '#postgres/store/secret-store';
import { signingStore } from '#postgres/store/signing-store';
import { signInDirectory } from '#postgres/store/sign-in-directory';
import { statisticsReader } from '#postgres/store/statistics-reader';
import { surfaceStore } from '#postgres/store/surface-store';
import { tenantDirectory } from '#postgres/store/tenant-directory';
import { tenantSecrets } from '#postgres/store/tenant-secrets';
import { tenantSeals } from '#postgres/store/tenant-seals';
import { tenantSetup } from '#postgres/store/tenant-setup';
import { tenantStore } from '#postgres/store/tenant-store';
import { threadStore } from '#postgres/store/threads';
import { tokenStore } from '#postgres/store/token-store';
import { EDITS_PER_MINUTE } from '#postgres/store/edit-budget';
import type { Config, Secrets } from './config/read-config.ts';
import type { Database } from './database.ts';

/** Every store over one pool, and the tenants' keys. */
export async function openStores(
  config: Pick<Config, 'dataDir'> & { readonly slack?: Pick<Config['slack'], 'editsPerMinute'> },
  secrets: Pick<Secrets, 'keyRing'>,
  { pool, jobs }: Pick<Database, 'pool'> & { readonly jobs: Pick<Jobs, 'sendIn' | 'sendAllIn'> },
) {
  const ring = secrets.keyRing ?? (await localKeyRing(config.dataDir));
  const sealed = secretStore(pool, ring);
  const policies = policyCache();
  const store = tenantStore(pool, jobs, policies);
  const seals = tenantSeals(sealed);
  return {
    store,
    secrets: sealed,
    tenantSecrets: tenantSecrets(pool, sealed),
    resealing: resealing(pool, ring),
    installationKeys: installationKeyStore(pool, sealed),
    installations: installationStore(pool, jobs, seals),
    installAttempts: installAttempts(pool, jobs, seals),
    keys: tenantKeyStore(sealed, store),
    seals,
    links: signInDirectory(pool),
    pageLinkStore: linkStore(pool),
    signings: signingStore(pool),
    pages: pageStore(pool),
    people: peopleStore(pool),
    presses: pressStore(pool, jobs, ring),
    pressSeals: pressSeals(ring),
    surfaces: surfaceStore(pool, jobs, config.slack?.editsPerMinute ?? EDITS_PER_MINUTE),
    threads: threadStore(pool, jobs),
    homes: homeStore(pool, jobs),
    tenants: tenantDirectory(pool),
    tokens: tokenStore(pool),
    firstLooks: firstLooks(pool, policies),
    setup: tenantSetup(pool),
    logs: logReader(pool),
    statistics: statisticsReader(pool),
    proofs: logProofs(pool),
    cosignatures: cosignatureStore(pool),
    destinations: destinationStore(pool, jobs),
    alarms: alarmStore(pool, jobs),
    digests: digestStore(pool, jobs),
    reviewIssues: reviewIssueStore(pool),
    holds: logHolds(pool),
    inspection: inspection(pool),
    pushes: gatePushStore(pool, jobs),
    events: eventStore(pool, jobs, seals),
    incidentSources: incidentSources(pool, seals),
  };
}

export type Stores = Awaited<ReturnType<typeof openStores>>;
