/** Somebody's turn of a schedule; `from` and `to` in ms since 1970, `to` left out. */
export interface Shift {
  readonly user: string;
  readonly from: number;
  readonly to: number;
}

/** What a level of an escalation policy pages: a user at any time, or whoever a schedule puts on call. */
export type Target = { readonly user: string } | { readonly schedule: string };

interface Span {
  readonly since: number;
  readonly until: number;
}

/** `GET /oncalls` lists one entry for each shift and level within the span. */
export function onCallsAt(
  policy: string,
  levels: readonly (readonly Target[])[],
  schedules: ReadonlyMap<string, readonly Shift[]>,
  span: Span,
) {
  return levels.flatMap((targets, index) =>
    targets.flatMap((target) =>
      entriesOf(target, schedules, span).map((entry) => ({
        escalation_policy: { id: policy, type: 'escalation_policy_reference' },
        escalation_level: index + 1,
        ...entry,
      })),
    ),
  );
}

function entriesOf(
  target: Target,
  schedules: ReadonlyMap<string, readonly Shift[]>,
  { since, until }: Span,
) {
  const user = (id: string) => ({ id, type: 'user_reference' });
  if ('user' in target)
    return [{ user: user(target.user), schedule: null, start: null, end: null }];
  const { schedule: id } = target;
  return (schedules.get(id) ?? [])
    .filter(({ from, to }) => from <= until && since < to)
    .map((shift) => ({
      user: user(shift.user),
      schedule: { id, type: 'schedule_reference' },
      start: new Date(shift.from).toISOString(),
      end: new Date(shift.to).toISOString(),
    }));
}
