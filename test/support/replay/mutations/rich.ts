import { bypassId, personId } from '#domain/ids';
import { SECOND_MS } from '#domain/instant';
import type { RecordedEvent, RecordedOf } from '#ledger/recorded-event';
import {
  at,
  changing,
  eventOf,
  goneOn,
  inserted,
  isOf,
  vouching,
  without,
  type Log,
  type Mutation,
} from './mutation.ts';

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

const checked = at('provenance.checked');

const wronglyChecked = (
  name: string,
  over: (event: RecordedOf<'provenance.checked'>) => Partial<RecordedOf<'provenance.checked'>>,
): RichMutation => ({
  name,
  bypass: 'first',
  breaks: 'provenance-wrong',
  mutate: changing('provenance.checked', (event) => ({ ...event, ...over(event) })),
  found: checked,
});

/** What is said of the provenance of a deploy. */
const CHECKED: readonly RichMutation[] = [
  wronglyChecked('other provenance matches than the deploy named', () => ({
    provenance: { digest: `sha256:${'ce'.repeat(32)}` },
  })),
  wronglyChecked('provenance matches another artifact than was deployed', () => ({
    artifact: `sha256:${'ac'.repeat(32)}`,
  })),
  wronglyChecked('provenance matches no artifact', () => ({ artifact: null })),
  wronglyChecked('a deploy of an artifact is said to have named none', () => ({
    result: 'no-artifact',
  })),
  {
    name: 'provenance is looked at that the deploy never named',
    bypass: 'first',
    breaks: 'provenance-wrong',
    mutate: changing('deploy.annotated', ({ provenance: _none, ...event }) => event),
    found: checked,
  },
  {
    name: 'provenance is looked at a second time, and is another one then',
    bypass: 'first',
    breaks: 'provenance-wrong',
    mutate: (log, bypass) =>
      inserted(log, checked(log, bypass), {
        ...eventOf(log, bypass, 'provenance.checked'),
        result: 'other-artifact',
      }),
    found: at('provenance.checked', 1),
  },
  {
    name: 'the provenance of a deploy that was never annotated',
    bypass: 'first',
    breaks: 'deploy-unknown',
    mutate: changing('provenance.checked', (event) => ({ ...event, deploy: 'other#1' })),
    found: checked,
  },
  {
    name: 'a person says that the provenance matches',
    bypass: 'first',
    breaks: 'actor-wrong',
    mutate: changing('provenance.checked', (event) => ({ ...event, actor: outsider })),
    found: checked,
  },
  {
    name: 'provenance in a drill',
    bypass: 'drill',
    breaks: 'deploy-in-drill',
    mutate: (log, bypass) => {
      const { at: closedAt, chain, scope } = eventOf(log, bypass, 'bypass.closed');
      const id = bypassId(bypass);
      const real = eventOf(log, 'first', 'provenance.checked');
      const rehearsed = { ...real, at: closedAt, chain, bypass: id, scope, drill: true };
      return inserted(log, at('bypass.closed')(log, bypass), rehearsed);
    },
    found: checked,
  },
];

/** What a bypass that is used, closed and reviewed does not show. */
export const RICH: readonly RichMutation[] = [
  ...CHECKED,
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
    name: 'the identity provider vouches for another than who denies',
    bypass: 'denied',
    breaks: 'vouching-wrong',
    mutate: changing('request.denied', (event) => vouching(event, outsider.person)),
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
    name: 'a request that never lapses',
    bypass: 'lapsed',
    breaks: 'lapse-missing',
    mutate: (log, bypass) => goneOn(without(log, isOf('request.lapsed', bypass))),
    found: at('request.opened'),
  },
  {
    name: 'a bypass that never closes',
    bypass: 'drill',
    breaks: 'close-missing',
    mutate: (log, bypass) => goneOn(without(log, isOf('bypass.closed', bypass))),
    found: at('bypass.activated'),
  },
  {
    name: 'a bypass that never closes, with a deploy in flight',
    bypass: 'played-11',
    breaks: 'close-missing',
    mutate: (log, bypass) => {
      const shipped = at('deploy.annotated')(log, bypass);
      const behind = log.slice(shipped + 1).map(({ event }) => event);
      const own = behind.filter((event) => 'bypass' in event && event.bypass === bypass);
      return goneOn(without(log, (event) => own.includes(event)));
    },
    found: at('bypass.activated'),
  },
  {
    name: 'nobody ever says what became of a deploy that was to be put back',
    bypass: 'played-11',
    breaks: 'revert-unanswered',
    mutate: (log, bypass) => {
      const asked = eventOf(log, bypass, 'deploy.reverted');
      const answers = ['deploy.finished', 'deploy.reverted'] as const;
      return goneOn(
        without(
          log,
          (event) => event !== asked && answers.some((type) => isOf(type, bypass)(event)),
        ),
      );
    },
    found: at('deploy.reverted'),
  },
  {
    name: 'a deploy is handed over on other facts than it was let through on',
    bypass: 'second',
    breaks: 'deploy-end-wrong',
    mutate: changing('deploy.annotated', (event) => ({ ...event, facts: 'claimed' })),
    found: at('deploy.annotated'),
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
    mutate: changing('deploy.adopted', (event) => ({ ...event, by: bypassId('played-11') })),
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
