import { DAY_MS } from '#domain/instant';
import { dueTime, durationMs, reminderMs } from './duration.ts';
import type { Finding } from './mistake.ts';
import type { Sections } from './sections.ts';

/** Sections that must hold something, and rules and reminders that say nothing. */
export function checkSections(sections: Sections): readonly Finding[] {
  return [
    ...checkEmpty(sections),
    ...checkRules(sections),
    ...checkReminders(sections),
    ...checkLateSteps(sections),
  ];
}

function checkEmpty({ services, gates, tiers }: Sections): readonly Finding[] {
  const empty = (path: string, names: ReadonlySet<string> | undefined, remedy: string): Finding[] =>
    names?.size === 0 ? [{ path: [path], at: 'value', message: 'is empty', remedy }] : [];
  return [
    ...empty('services', services.names, 'Name at least one service.'),
    ...empty('gates', gates.names, 'Name at least one gate.'),
    ...empty('tiers', tiers.names, 'Write at least one tier.'),
  ];
}

function checkRules({ rules }: Sections): readonly Finding[] {
  return rules.entries.flatMap(({ path, value }) =>
    Object.keys(value.when).length > 0
      ? []
      : [
          {
            path: [...path, 'when'],
            at: 'value',
            message: 'names nothing, so it would always apply',
            remedy: 'Write what must hold, or make this tier the `default`.',
          },
        ],
  );
}

/** A reminder before the post-mortem even opened would never be sent. */
function checkReminders({ postMortem }: Sections): readonly Finding[] {
  if (postMortem === undefined) return [];
  const due = dueTime(postMortem.value.due);
  // Weekends only make a span of business days longer.
  const spanMs = 'ms' in due ? due.ms : due.businessDays * DAY_MS;
  return postMortem.value.remind.flatMap((text, index) =>
    -reminderMs(text) < spanMs
      ? []
      : [
          {
            path: [...postMortem.path, 'remind', index],
            at: 'value',
            message: `${text} is no later than the opening: it is due after ${postMortem.value.due}`,
            remedy: 'Write a shorter time before, or a later `due`.',
          },
        ],
  );
}

/** In order of time, each once, so that it is plain who hears of it when. */
function checkLateSteps({ postMortem }: Sections): readonly Finding[] {
  if (postMortem === undefined) return [];
  const { path, value } = postMortem;
  const times = value.escalate.map(({ after }) => durationMs(after));
  return times.flatMap((ms, index) =>
    index === 0 || ms > (times[index - 1] ?? 0)
      ? []
      : [
          {
            path: [...path, 'escalate', index, 'after'],
            at: 'value',
            message: `${value.escalate[index]?.after} is no later than the step before`,
            remedy: 'Write the steps in order of time.',
          },
        ],
  );
}
