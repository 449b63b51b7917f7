import type { History, Rule, TenantRecord } from '../history.ts';
import { entriesOf, inEach, seen } from '../reading.ts';

/**
 * Rule 9: every message committed is delivered or dead-lettered, and the last card equals the state.
 * Reads: the rows of surfaces, notes and jobs once nothing is left to do, what each card showed
 * last, what it is to show, and the pages sent. A dead letter is alarmed by its row alone; in a run
 * in which every fault heals there is none.
 */
export const messagesDelivered: Rule = (history) =>
  inEach(9, history, (record) => [
    ...cards(history, record),
    ...record.notes.filter((one) => !one.told).map(({ id }) => `note ${id} was never told`),
    ...record.jobs
      .filter((one) => one.state !== 'completed' && !one.queue.endsWith('.dead'))
      .map(({ queue, state, about }) => `a job of ${queue} for ${about} is left ${state}`),
    ...pages(history, record),
  ]);

function cards(history: History, record: TenantRecord): readonly string[] {
  const sent = seen(history, 'published').filter(
    ({ tenant, outcome }) => tenant === record.tenant && (outcome === 'sent' || outcome === 'lost'),
  );
  return record.surfaces.flatMap(({ id, bypass, kind, wanted, shown, posted }) => {
    const last = sent.findLast((one) => one.surface === id);
    const due = record.bypasses.find((one) => one.id === bypass);
    return [
      ...(posted && shown >= wanted ? [] : [`the ${kind} card of ${bypass} is not up to date`]),
      ...(last !== undefined && last.shows === due?.shows
        ? []
        : [`the ${kind} card of ${bypass} shows another state:\n${last?.shows}\n${due?.shows}`]),
    ];
  });
}

/** One who is asked is paged, unless the decision came first; every end is told at least once. */
function pages(history: History, record: TenantRecord): readonly string[] {
  const paged = seen(history, 'paged').filter((one) => one.tenant === record.tenant);
  return entriesOf(record, 'request.opened').flatMap(({ event: { bypass } }) => {
    const ended = record.bypasses.some((one) => one.id === bypass && one.phase !== 'waiting');
    const isTold = paged.some((one) => one.bypass === bypass && one.about === 'resolved');
    return ended && !isTold ? [`the end of ${bypass} was never paged`] : [];
  });
}
