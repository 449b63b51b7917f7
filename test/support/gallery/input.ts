/** What is put into the samples before they are drawn: what people type, and how much of it. */
export type Input = <Model>(model: Model) => Model;

/** As an ordinary company has it. */
export const typical: Input = (model) => model;

/** What people and policies name and write; nothing that this product itself chooses from. */
const FREE: ReadonlySet<string> = new Set([
  'gate',
  'gates',
  'gateDescription',
  'description',
  'service',
  'environment',
  'environments',
  'branch',
  'artifact',
  'severity',
  'severities',
  'justification',
  'incident',
  'name',
  'digest',
  'tiers',
  'groups',
  'nobodyFor',
  'from',
  'reason',
  'key',
  'commit',
  'url',
  'deployedBy',
  'provenanceUri',
  'markdown',
  'text',
  'reference',
  'unknown',
  'rest',
  'detail',
  'origin',
]);

/** Of these there may be many. What names each of them to Slack stays unique. */
const MANY: ReadonlySet<string> = new Set([
  'asked',
  'gone',
  'approvals',
  'deploys',
  'requirements',
  'earlierDenials',
  'otherActive',
  'claims',
  'tiers',
  'nobodyFor',
  'groups',
  'people',
  'unknown',
]);

/** Of what an alarm is about, what this product chose itself. */
const OURS: ReadonlySet<string> = new Set(['why', 'result']);

/** Text under a name that is free is changed; objects have names of their own. */
function put(model: unknown, by: (text: string) => string, many: number, isFree = false): unknown {
  if (typeof model === 'string') return isFree ? by(model) : model;
  if (Array.isArray(model)) return model.map((one) => put(one, by, many, isFree));
  if (typeof model !== 'object' || model === null) return model;
  return Object.fromEntries(
    Object.entries(model).map(([name, value]) => {
      const next = name === 'about' ? putAbout(value, by) : put(value, by, many, FREE.has(name));
      return [name, MANY.has(name) && Array.isArray(next) ? repeated(next, many) : next];
    }),
  );
}

const putAbout = (about: object, by: (text: string) => string): unknown =>
  Object.fromEntries(
    Object.entries(about).map(([name, value]) => [
      name,
      typeof value === 'string' && !OURS.has(name) ? by(value) : value,
    ]),
  );

const repeated = (list: readonly unknown[], times: number): unknown[] =>
  Array.from({ length: times }, () => list).flat();

const HOSTILE =
  '<!channel> <!here|x> <@U0MOE00001> <https://evil.example|https://good.example> *b* _i_ ~s~ `c` &amp; &lt; <!date^1^{time}|now> \u202Eevil\u2066\u0000\uD800 😀\n```\n> quoted';

/** Markup, mentions, disguised links, and what turns or hides text. */
export const hostile: Input = <Model>(model: Model) =>
  put(model, (text) => `${text} ${HOSTILE}`, 1) as Model;

/** As long as somebody can make it, without a place to break it. */
export const longest: Input = <Model>(model: Model) =>
  put(model, (text) => `${text}-${'long'.repeat(4_000)}`, 12) as Model;

/** Longer than a screen shows at once, and no longer than people and tools do write. */
export const long: Input = <Model>(model: Model) =>
  put(
    model,
    (text) => `${text} of-the-payments-platform-in-${'europe-'.repeat(8)}west`,
    1,
  ) as Model;
