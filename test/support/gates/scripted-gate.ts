import type { PushAdapter, Reverted, WantedException } from '#application/ports/gate-adapter';

/** A gate that holds exceptions, as far as an adapter tells of it; it says what it is told to say. */
export class ScriptedGate implements PushAdapter {
  readonly kind = 'opa';
  capabilities: PushAdapter['capabilities'] = {
    asks: 'push',
    ttl: 'evaluated-in-gate',
    watch: true,
    reverts: [],
    stalenessMs: 0,
  };
  /** What stands there, by gate. */
  readonly standing = new Map<string, readonly WantedException[]>();
  readonly reverted: string[] = [];
  /** What is said of a revert next; then that it came too late. */
  readonly answers: Reverted[] = [];
  /** Opens whatever it holds. */
  stuck = false;
  /** Runs before something is written; throws to have it fail. */
  before: () => Promise<void> = async () => {};

  at = (gate: string): readonly string[] =>
    (this.standing.get(gate) ?? []).map(({ bypass }) => bypass);

  reconcile: PushAdapter['reconcile'] = async (_tenant, gate, wanted) => {
    await this.before();
    this.standing.set(gate, wanted);
    return wanted.map(({ bypass }) => bypass);
  };

  enforces: PushAdapter['enforces'] = async (_tenant, { gate }, ended) =>
    !this.stuck && !this.at(gate).includes(ended);

  revert = async (_tenant: string, _gate: string, deploy: string): Promise<Reverted> => {
    this.reverted.push(deploy);
    return this.answers.shift() ?? 'too-late';
  };

  forgetOthers: PushAdapter['forgetOthers'] = async (_tenant, gates) => {
    for (const gate of this.standing.keys()) if (!gates.includes(gate)) this.standing.delete(gate);
  };
}
