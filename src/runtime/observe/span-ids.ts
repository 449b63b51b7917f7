/** What a span may say: ids, words of closed lists, and counts. What people typed has no name here. */
const NAMES = [
  'tenant',
  'team',
  'bypass',
  'press',
  'about',
  'queue',
  'job',
  'try',
  'action',
  'method',
  'service',
  'statement',
  'entries',
  'outcome',
] as const;

export type SpanIds = Readonly<Partial<Record<(typeof NAMES)[number], string | number>>>;

/** UUIDs, digests, Slack's ids, names of ours. A second lock: the first is that texts are not given. */
const ID = /^[\w:./@+=,-]{1,200}$/;

/** As a span has them. What does not look like an id is left out. */
export function attributesOf(ids: SpanIds): Record<string, string | number> {
  const attributes: Record<string, string | number> = {};
  for (const name of NAMES) {
    const value = ids[name];
    if (typeof value === 'number' || (typeof value === 'string' && ID.test(value)))
      attributes[`breakglass.${name}`] = value;
  }
  return attributes;
}
