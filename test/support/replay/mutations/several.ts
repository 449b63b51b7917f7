import { at, changing, holding, isOf, type Log, type Mutation } from './mutation.ts';

const request = at('request.opened');
const annotated = at('deploy.annotated');

const deployAt = (what: string, member: string | null): Mutation => ({
  name: `a deploy ${what}`,
  breaks: 'gate-not-opened',
  mutate: changing('deploy.annotated', ({ member: was, ...event }, nth) => {
    if (nth > 0) return was === undefined ? event : { ...event, member: was };
    return member === null ? event : { ...event, member };
  }),
  found: annotated,
});

const readBack = (what: string, member: string | null): Mutation => ({
  name: `a read-back ${what}`,
  breaks: 'gate-not-opened',
  needs: holding('gate.read-back'),
  mutate: changing('gate.read-back', ({ member: _was, ...event }) =>
    member === null ? event : { ...event, member },
  ),
  found: at('gate.read-back'),
});

/** The same gates in every entry, as whoever widens a set would write them. */
const opening = (gates: readonly string[], from: (log: Log, bypass: string) => number) => ({
  mutate: (log: Log, bypass: string): Log => {
    const first = from(log, bypass);
    return log.map((entry, index) =>
      index >= first && 'bypass' in entry.event && entry.event.bypass === bypass
        ? { ...entry, event: { ...entry.event, gates } }
        : entry,
    );
  },
  found: from,
});

/** What is only wrong where one bypass opens several gates. */
export const SEVERAL: readonly Mutation[] = [
  deployAt('at a gate that was not asked for', 'window'),
  deployAt('at the name of all gates', 'both'),
  deployAt('at no gate of them', null),
  readBack('of a gate that was not asked for', 'window'),
  readBack('of none of the gates', null),
  {
    name: 'a request for more gates than the policy has together',
    breaks: 'gates-wrong',
    ...opening(['admission', 'deploy', 'window'], request),
  },
  {
    name: 'a request for fewer gates than the policy has together',
    breaks: 'gates-wrong',
    ...opening(['deploy'], request),
  },
  {
    name: 'a request that does not say which gates open',
    breaks: 'gates-wrong',
    mutate: (log, bypass) =>
      log.map((entry) => {
        if (!isOf('request.opened', bypass)(entry.event)) return entry;
        const { gates: _gates, ...event } = entry.event;
        return { ...entry, event };
      }),
    found: request,
  },
  {
    name: 'gates that are more once the request is approved',
    breaks: 'entry-differs-from-request',
    ...opening(['admission', 'deploy', 'window'], at('bypass.activated')),
  },
  {
    name: 'an approval of other gates than were asked for',
    breaks: 'entry-differs-from-request',
    mutate: changing('approval.given', (event, nth) =>
      nth === 0 ? { ...event, gates: ['admission', 'window'] } : event,
    ),
    found: at('approval.given'),
  },
  {
    name: 'a request at a laxer tier than one of its gates asks',
    breaks: 'tier-wrong',
    mutate: changing('request.opened', (event) => ({ ...event, tiers: ['low'] })),
    found: request,
  },
];
