import type { BypassEvent } from '#domain/bypass/event';
import { entriesOf, type Entry } from '../history.ts';
import { openedOf } from './evidence.ts';
import type { Law } from './law.ts';

/** Every deploy in the log is inside the scope and the window of the bypass it names; none in a drill. */
export const eachDeployIsCovered: Law = (history) =>
  entriesOf(history, ['deploy.annotated']).flatMap(({ event, index, context, command }) => {
    const { bypass, deploy } = event;
    const opened = openedOf(history, bypass).event;
    const activated = entriesOf(history, ['bypass.activated'], bypass)[0];
    const closed = entriesOf(history, ['bypass.closed'], bypass)[0];
    const inWindow =
      activated !== undefined &&
      activated.index < index &&
      context.now < activated.event.expiresAt &&
      (closed === undefined || closed.index > index);
    const { service, environment, branch, artifact } = opened.scope;
    const inScope =
      command.type === 'annotate-deploy' &&
      (opened.gates ?? [opened.gate]).includes(command.facts.gate) &&
      event.member === (opened.gates === undefined ? undefined : command.facts.gate) &&
      event.service === service &&
      event.environment === environment &&
      (branch === null || event.branch === branch) &&
      (artifact === null || event.artifact?.digest === artifact);
    return inWindow && inScope && !opened.drill ? [] : [`${deploy} is not covered by ${bypass}`];
  });

/** At a close every deploy in flight is handed over or put back, once; no other is. */
export const noDeployIsLeftInFlight: Law = (history) =>
  entriesOf(history, ['bypass.closed']).flatMap((close) => {
    const { bypass } = close.event;
    const about = history.entries.filter((one) => one.event.bypass === bypass);
    const inFlight = stillInFlight(about.filter((one) => one.index < close.index));
    const together = about.filter(
      (one) => one.command === close.command && one.index > close.index,
    );
    const ended = together.flatMap(({ event }) =>
      event.type === 'deploy.adopted' || event.type === 'deploy.reverted' ? [at(event)] : [],
    );
    const same = ended.length === inFlight.size && ended.every((one) => inFlight.has(one));
    return same ? [] : [`${bypass} left ${[...inFlight].join()} and ended ${ended.join()}`];
  });

interface Named {
  readonly deploy: string;
  readonly gate: string;
  readonly member?: string;
}

/** One run at one gate, whether its bypass opens that gate alone or with others. */
const at = ({ deploy, gate, member = gate }: Named): string => `${deploy} at ${member}`;
const isSame = (a: Named, b: Named): boolean => at(a) === at(b);

function stillInFlight(entries: readonly Entry[]): ReadonlySet<string> {
  const inFlight = new Set<string>();
  for (const { event } of entries) {
    if (event.type === 'deploy.annotated') inFlight.add(at(event));
    if (event.type === 'deploy.finished') inFlight.delete(at(event));
  }
  return inFlight;
}

type Reverted = Extract<BypassEvent, { type: 'deploy.reverted' }>;

/** A deploy is put back once; what became of it is said once, and only after `pending`. */
export const eachRevertIsSettledOnce: Law = (history) => {
  const results = new Map<string, Reverted['result'][]>();
  for (const { event } of entriesOf(history, ['deploy.reverted'])) {
    const key = `${at(event)} of ${event.bypass}`;
    results.set(key, [...(results.get(key) ?? []), event.result]);
  }
  return [...results].flatMap(([key, [first, ...then]]) => {
    const right =
      first === 'unknown'
        ? then.length === 0
        : first === 'pending' && then.length <= 1 && !then.includes('pending');
    return right ? [] : [`${key}: ${[first, ...then].join()}`];
  });
};

/** A deploy that ends while it is to be stopped was stopped only if it says that it was cancelled. */
export const noDeployIsSaidToBeStoppedThatWasNot: Law = (history) =>
  entriesOf(history, ['deploy.reverted']).flatMap(({ event, command }) => {
    if (command.type !== 'finish-deploy') return [];
    const result = command.outcome === 'cancelled' ? 'done' : 'too-late';
    return event.result === result ? [] : [`${event.deploy} ${command.outcome}: ${event.result}`];
  });

/** Who adopts a deploy is another bypass, open at that moment, no drill, whose scope covers it. */
export const eachAdopterCoversTheDeploy: Law = (history) =>
  entriesOf(history, ['deploy.adopted']).flatMap(({ event, index, context }) => {
    const next = entriesOf(history, ['deploy.annotated'], event.by).find(
      (one) => one.index > index && isSame(one.event, event),
    );
    const known = entriesOf(history, ['deploy.annotated'], event.by).some((one) =>
      isSame(one.event, event),
    );
    const activated = entriesOf(history, ['bypass.activated'], event.by)[0];
    const live = activated !== undefined && context.now < activated.event.expiresAt;
    const open = !entriesOf(history, ['bypass.closed'], event.by).some((one) => one.index < index);
    const other = event.by !== event.bypass && !openedOf(history, event.by).event.drill;
    return live && open && other && (next !== undefined || known)
      ? []
      : [`${event.deploy} was adopted by ${event.by}`];
  });
