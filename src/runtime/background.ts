import type { Logger } from 'pino';
import { mineReader } from '#application/forms/mine';
import type { SlackOAuth } from '#application/ports/installs';
import type { Ports } from '#application/ports/ports';
import { QUEUES } from '#application/ports/queues';
import type { TenantId } from '#domain/ids';
import type { GithubGates } from '#gates/github/github-gate';
import type { Jobs } from '#postgres/jobs';
import type { Slack } from '#slack/slack';
import { adapterOver } from './adapter-of.ts';
import type { Config, Secrets } from './config/read-config.ts';
import { openEventSender, startEventPoll } from './event-work.ts';
import type { Tenants } from './each-tenant.ts';
import { startDigests } from './digests.ts';
import { startGatePoll } from './gate-work.ts';
import { startInstallPolls } from './installs.ts';
import { startGithubPolls } from './open-github.ts';
import { openIssueTracker } from './open-issue-tracker.ts';
import type { Observer } from './observe/observer.ts';
import { openOutbound } from './outbound.ts';
import { pageLinksOf } from './page-links.ts';
import { openPagers } from './pagers.ts';
import { openProvenanceSource } from './provenance.ts';
import type { PushGates } from './push-gates.ts';
import { startScheduler } from './scheduler.ts';
import { startRetention } from './retention.ts';
import type { Stores } from './stores.ts';
import { ensureQueues, startWorkers } from './workers.ts';

/** What the work in the background is done with. */
interface Tools {
  readonly ports: Ports;
  readonly stores: Stores;
  readonly jobs: Jobs;
  readonly slack: Pick<Slack, 'publisher' | 'homes' | 'announcer' | 'links'>;
  /** `null` for the one workspace of a bot token. */
  readonly oauth: SlackOAuth | null;
  readonly github: GithubGates | null;
  readonly pushGates: Pick<PushGates, 'adapters'>;
  readonly observer: Observer;
}

/** Longest wait for jobs under way at a stop. */
const JOBS_DRAIN_MS = 10_000;

/** Handles jobs and looks for what is due, until `cleanup`: first nothing new is found, then none is taken. */
export async function startBackground(
  config: Config,
  secrets: Secrets,
  { ports, stores, jobs, slack, oauth, github, pushGates, observer }: Tools,
  tenants: Tenants,
  log: Logger,
  cleanup: AsyncDisposableStack,
): Promise<void> {
  await ensureQueues(jobs);
  const outbound = openOutbound(config, secrets, slack.announcer, log, cleanup);
  const working = {
    ...ports,
    ...stores,
    oauth,
    outbound,
    publisher: slack.publisher,
    homePublisher: slack.homes,
    mine: mineReader(ports),
    pagers: openPagers(config, secrets, stores.tenantSecrets, log, cleanup),
    pageLinks: pageLinksOf(ports, stores, slack.links),
    eventSender: openEventSender(config, cleanup),
    provenance: openProvenanceSource(config, cleanup),
    issueTracker: await openIssueTracker(secrets.github, cleanup),
    provisionalAlarmMs: config.provisionalAlarmMs,
    onNotPushed: (name: string, err: unknown) =>
      log.warn({ err, gate: name }, 'a gate could not be brought to what is wanted'),
    adapterOf: adapterOver(stores, github, pushGates.adapters),
    gateDelivery: (of: TenantId, id: string) => handled(github, of, id),
  };
  await startWorkers(working, jobs, log, observer);
  cleanup.defer(() => jobs.stop(JOBS_DRAIN_MS));
  const deadLetters = { countOf: (of: TenantId) => jobs.deadLetters(QUEUES, { tenant: of }) };
  startGithubPolls(github, stores, tenants, log, cleanup);
  const kinds = pushGates.adapters.map(({ kind }) => kind);
  startGatePoll(working, kinds, tenants, log, cleanup);
  startEventPoll(stores.events, tenants, log, cleanup);
  startRetention(ports, tenants, log, cleanup);
  startDigests(stores, tenants, log, cleanup);
  if (oauth !== null) startInstallPolls({ ...stores, oauth }, log, cleanup);
  startScheduler({ ...working, deadLetters }, tenants, config.workload, log, cleanup);
}

/** One that a GitHub App stored before it was taken out of the settings waits until it is back. */
async function handled(github: GithubGates | null, tenant: TenantId, id: string): Promise<void> {
  if (github === null) throw new RangeError('a delivery waits, and no GitHub App is set up');
  await github.handle(tenant, id);
}
