import { HOUR_MS } from '#domain/instant';
import type { RecordedOf } from '#ledger/recorded-event';
import {
  at,
  changing,
  eventOf,
  holding,
  inserted,
  isOf,
  without,
  type Mutation,
} from './mutation.ts';

const annotated = at('deploy.annotated');
/** At the close another open bypass that covers the deploy adopts it; else it is put back. */
const putBack = holding('deploy.reverted');
type Annotated = RecordedOf<'deploy.annotated'>;

const outside = (what: string, over: (event: Annotated) => Partial<Annotated>): Mutation => ({
  name: `a deploy of ${what}`,
  breaks: 'deploy-outside-scope',
  mutate: changing('deploy.annotated', (event) => ({ ...event, ...over(event) })),
  found: annotated,
});

/** Where the policy demands verified facts. */
export const CLAIMED: Mutation = {
  name: 'a deploy on claimed facts where the policy demands verified ones',
  breaks: 'facts-not-verified',
  mutate: changing('deploy.annotated', (event) => ({ ...event, facts: 'claimed' })),
  found: annotated,
};

/** What was shipped under a bypass, and what became of it. */
export const DEPLOYS: readonly Mutation[] = [
  outside('another service', () => ({ service: 'web' })),
  outside('another environment', () => ({ environment: 'staging' })),
  outside('another branch', () => ({ branch: 'release/7' })),
  outside('an unnamed branch', () => ({ branch: null })),
  outside('another artifact', ({ artifact }) => ({
    artifact: { name: artifact?.name ?? 'db', digest: 'sha256:cd' },
  })),
  outside('an unnamed artifact', () => ({ artifact: null })),
  {
    name: 'a deploy at another gate',
    breaks: 'entry-differs-from-request',
    mutate: changing('deploy.annotated', (event) => ({ ...event, gate: 'admission' })),
    found: annotated,
  },
  {
    name: 'a deploy whose entry shows a wider scope than was approved',
    breaks: 'entry-differs-from-request',
    mutate: changing('deploy.annotated', (event) => ({
      ...event,
      scope: { ...event.scope, artifact: null },
    })),
    found: annotated,
  },
  {
    name: 'a deploy at the expiry',
    breaks: 'deploy-outside-window',
    mutate: changing('deploy.annotated', (event) => ({ ...event, at: event.at + HOUR_MS })),
    found: annotated,
  },
  {
    name: 'a deploy before the activation',
    breaks: 'time-goes-back',
    mutate: changing('deploy.annotated', (event) => ({ ...event, at: event.at - HOUR_MS })),
    found: annotated,
  },
  {
    name: 'a deploy after the close',
    breaks: 'deploy-outside-window',
    mutate: (log, bypass) => {
      const opened = eventOf(log, bypass, 'post-mortem.opened');
      const late = { ...eventOf(log, bypass, 'deploy.annotated'), at: opened.at };
      return inserted(log, at('post-mortem.opened')(log, bypass), late);
    },
    found: at('deploy.annotated', 1),
  },
  {
    name: 'a drill with a deploy',
    breaks: 'deploy-in-drill',
    mutate: (log, bypass) =>
      log.map((entry) =>
        'bypass' in entry.event && entry.event.bypass === bypass
          ? { ...entry, event: { ...entry.event, drill: true } }
          : entry,
      ),
    found: annotated,
  },
  {
    name: 'a deploy in flight is forgotten at the close',
    breaks: 'deploy-left-open',
    needs: putBack,
    mutate: (log, bypass) => without(log, isOf('deploy.reverted', bypass)),
    found: at('post-mortem.opened'),
  },
  {
    name: 'a deploy is put back that was never annotated',
    breaks: 'deploy-left-open',
    needs: putBack,
    mutate: changing('deploy.reverted', (event) => ({ ...event, deploy: 'other#1' })),
    found: at('deploy.reverted'),
  },
];
