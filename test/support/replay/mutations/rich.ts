import { bypassId, personId } from '#domain/ids';
import { SECOND_MS } from '#domain/instant';
import type { RecordedEvent } from '#ledger/recorded-event';
import { at, changing, eventOf, inserted, type Log, type Mutation } from './mutation.ts';

/** A mutation of a history in which every type of entry stands, and the bypass that it is about. */
export interface RichMutation extends Mutation {
  readonly bypass: string;
}

const outsider = { kind: 'person', person: personId('gus') } as const;
const placeOf = (type: RecordedEvent['type']) => (log: Log) =>
  log.findIndex(({ event }) => event.type === type);

/** Changes the first entry of this type, of any bypass or none. */
const changingFirst = (
  type: RecordedEvent['type'],
  to: (event: RecordedEvent) => RecordedEvent,
) => {
  return (log: Log): Log =>
    log.map((entry, index) =>
      index === placeOf(type)(log) ? { ...entry, event: to(entry.event) } : entry,
    );
};

const last = (log: Log): number => log.length - 1;

/** What a bypass that is used, closed and reviewed does not show. */
export const RICH: readonly RichMutation[] = [
  {
    name: 'more people are asked before it is time',
    bypass: 'denied',
    breaks: 'escalation-wrong',
    mutate: (log, bypass) => {
      const { at: openedAt } = eventOf(log, bypass, 'request.opened');
      return changing('request.escalated', (event) => ({ ...event, at: openedAt + SECOND_MS }))(
        log,
        bypass,
      );
    },
    found: at('request.escalated'),
  },
  {
    name: 'somebody denies who may not',
    bypass: 'denied',
    breaks: 'denier-not-eligible',
    mutate: changing('request.denied', (event) => ({
      ...event,
      by: outsider.person,
      actor: outsider,
    })),
    found: at('request.denied'),
  },
  {
    name: 'somebody else withdraws a request',
    bypass: 'withdrawn',
    breaks: 'actor-wrong',
    mutate: changing('request.withdrawn', (event) => ({ ...event, actor: outsider })),
    found: at('request.withdrawn'),
  },
  {
    name: 'a request lapses before its time',
    bypass: 'lapsed',
    breaks: 'lapsed-early',
    mutate: (log, bypass) => {
      const { at: openedAt } = eventOf(log, bypass, 'request.opened');
      return changing('request.lapsed', (event) => ({ ...event, at: openedAt + SECOND_MS }))(
        log,
        bypass,
      );
    },
    found: at('request.lapsed'),
  },
  {
    name: 'a request at a gate that the policy does not know',
    bypass: 'withdrawn',
    breaks: 'gate-unknown',
    mutate: (log, bypass) =>
      log.map((entry) =>
        'bypass' in entry.event && entry.event.bypass === bypass
          ? { ...entry, event: { ...entry.event, gate: 'nowhere' } }
          : entry,
      ),
    found: at('request.opened'),
  },
  {
    name: 'a bypass that is opened again',
    bypass: 'denied',
    breaks: 'bypass-repeated',
    mutate: (log, bypass) =>
      inserted(log, last(log), {
        ...eventOf(log, bypass, 'request.opened'),
        at: log[last(log)]?.event.at ?? 0,
      }),
    found: last,
  },
  {
    name: 'a deploy ends that was never annotated',
    bypass: 'second',
    breaks: 'deploy-unknown',
    mutate: changing('deploy.finished', (event) => ({ ...event, deploy: 'other#1' })),
    found: at('deploy.finished'),
  },
  {
    name: 'a deploy is handed to a bypass that had ended',
    bypass: 'first',
    breaks: 'deploy-end-wrong',
    mutate: changing('deploy.adopted', (event) => ({ ...event, by: bypassId('played-10') })),
    found: at('deploy.adopted'),
  },
  {
    name: 'a deploy is said to come from a bypass that did not hand it over',
    bypass: 'second',
    breaks: 'deploy-end-wrong',
    mutate: changing('deploy.annotated', (event) => ({ ...event, adoptedFrom: event.bypass })),
    found: at('deploy.annotated'),
  },
  {
    name: 'a late attestation of another entry',
    bypass: 'first',
    breaks: 'late-attestation-wrong',
    mutate: changingFirst('entry.attested', (event) =>
      event.type === 'entry.attested' ? { ...event, index: event.index - 1 } : event,
    ),
    found: placeOf('entry.attested'),
  },
  {
    name: 'a log that starts a second time',
    bypass: 'first',
    breaks: 'log-start-misplaced',
    mutate: (log) => {
      const [start] = log;
      if (start === undefined) throw new RangeError('an empty log');
      return inserted(log, last(log), { ...start.event, at: log[last(log)]?.event.at ?? 0 });
    },
    found: last,
  },
];
