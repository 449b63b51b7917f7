/**
 * Loaded by `node --import` before the service: a process whose own clock is off by so many
 * milliseconds, as on a machine without time synchronisation. Timers run as they do.
 */
const SKEW = 'BREAKGLASS_TEST_SKEW_MS';
const skewMs = Number(process.env[SKEW] ?? '0');

const RightDate = globalThis.Date;
globalThis.Date = new Proxy(RightDate, {
  construct: (target, given, made) =>
    Reflect.construct(target, given.length === 0 ? [target.now() + skewMs] : given, made) as Date,
  apply: (target) => new target(target.now() + skewMs).toString(),
  get: (target, name) =>
    name === 'now' ? () => target.now() + skewMs : (Reflect.get(target, name) as unknown),
});

/** What a process of the service is to be started with so that its clock is off. */
export function clockOffBy(ms: number): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import ${import.meta.url}`, [SKEW]: String(ms) };
}
