import type { DrillStep } from '#application/ports/drill';
import type { DrillReportNote } from '#application/ports/surface';
import { durationWords } from './durations.ts';
import { gatesInFull } from './gates.ts';
import { placeOf } from './scope.ts';

/** How long each step of a drill took, from the moment its form was sent. mrkdwn. */
export function drillReportWords({ card, steps }: DrillReportNote): string {
  const told = steps.map(({ step, afterMs }) =>
    afterMs === null
      ? `• ${STEPS[step]}: did not happen`
      : `• ${STEPS[step]}: after ${took(afterMs)}`,
  );
  const head = `*The drill is over*: ${gatesInFull(card)} for ${placeOf(card.scope)}. Counted from when the form was sent:`;
  const missing = steps.some(({ afterMs }) => afterMs === null);
  return [head, ...told, ...(missing ? [LOOK] : [])].join('\n');
}

const took = (ms: number): string => (ms < 1_000 ? 'less than a second' : durationWords(ms));

const STEPS: Readonly<Record<DrillStep['step'], string>> = {
  recorded: 'The request stood in the log',
  shown: 'Its card was posted',
  asked: 'The first approver was asked in Slack',
  paged: 'Somebody was paged',
  claimed: 'Somebody said that they look at it',
  approved: 'The first approval was pressed',
  activated: 'The gate would have opened',
  ended: 'It was over',
};

const LOOK = 'What did not happen here would not have happened in an incident: look why.';
