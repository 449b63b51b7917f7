import pg from 'pg';
import type { Step, Wrote } from './steps.ts';

export interface Watch {
  /** `null` until the process is armed. */
  step: Step | null;
  /** An approving press was committed since. */
  pressStored: boolean;
  /** Sigstore has answered since. */
  isSigned: boolean;
  readonly die: () => void;
}

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Watches every statement of this process, and lets it die at the step. */
export function watchStatements(watch: Watch): void {
  const written = new WeakMap<object, Set<Wrote>>();
  const query: unknown = Reflect.get(pg.Client.prototype, 'query');
  if (typeof query !== 'function') throw new TypeError('pg has no query to watch');
  const spied = function spied(this: object, ...given: unknown[]): unknown {
    const statement = statementOf(given);
    if (statement === null) return Reflect.apply(query, this, given);
    if (statement.text.startsWith('BEGIN')) written.set(this, new Set());
    const wrote = written.get(this) ?? new Set();
    if (isDueBefore(watch, statement, wrote)) watch.die();
    for (const one of writes(statement)) wrote.add(one);
    const answer: unknown = Reflect.apply(query, this, given);
    if (!(answer instanceof Promise)) return answer;
    return answer.then((result: unknown) => {
      if (statement.text === 'COMMIT') committed(watch, wrote);
      return result;
    });
  };
  Object.assign(pg.Client.prototype, { query: spied });
}

function isDueBefore(
  { step, isSigned }: Watch,
  statement: Statement,
  wrote: ReadonlySet<Wrote>,
): boolean {
  const { text, values } = statement;
  if (step === null) return false;
  switch (step.at) {
    case 'before COMMIT':
      return text === 'COMMIT' && wrote.has(step.of);
    case 'before the write':
      return writes(statement).includes(step.of);
    case 'after signing':
      return isSigned && /log_head.* for update/i.test(text);
    case 'before a job is done':
      return text.includes('SET completed_on') && values[0] === step.of;
    case 'after COMMIT':
    case 'after the ack':
    case 'before signing':
      return false;
  }
}

function committed(watch: Watch, wrote: ReadonlySet<Wrote>): void {
  if (watch.step?.at === 'after COMMIT' && wrote.has(watch.step.of)) watch.die();
  if (wrote.has('approving press')) watch.pressStored = true;
}

/** `query(text, values)` or `query({ text, values })`; `null` for a submittable. */
function statementOf([first, second]: readonly unknown[]): Statement | null {
  const values = (list: unknown): readonly unknown[] => (Array.isArray(list) ? list : []);
  if (typeof first === 'string') return { text: first, values: values(second) };
  if (typeof first !== 'object' || first === null || !('text' in first)) return null;
  const own = 'values' in first ? first.values : undefined;
  return { text: String(first.text), values: values(own ?? second) };
}

const ENTRIES: readonly Wrote[] = [
  'request.opened',
  'approval.given',
  'deploy.annotated',
  'bypass.closed',
  'gate.read-back',
  'person.bound',
  'provider.keys',
  'key.rotated',
];

function writes({ text, values }: Statement): readonly Wrote[] {
  // The types of all entries of a commit stand in one array.
  if (text.includes('INSERT INTO app.log_entry'))
    return ENTRIES.filter((type) =>
      values.some((value) => Array.isArray(value) && value.includes(type)),
    );
  if (text.startsWith('insert into "app"."press"'))
    return values.some((one) => String(one).includes('"kind":"approve"'))
      ? ['approving press']
      : [];
  if (text.startsWith('insert into "app"."prepared_approval"')) return ['prepared approval'];
  if (text.startsWith('insert into "app"."gate_delivery"')) return ['gate delivery'];
  if (text.startsWith('insert into "app"."claim"')) return ['claim'];
  if (text.startsWith('insert into "app"."question"')) return ['question'];
  if (text.startsWith('update "app"."question"')) return ['posted question'];
  if (!text.startsWith('update "app"."surface"')) return [];
  const [set = ''] = text.split(' where ');
  if (set.includes('"shown"')) return ['shown surface'];
  return set.includes('"claimed_until" = $1') ? ['claimed surface'] : [];
}
