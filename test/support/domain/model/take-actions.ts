import type { Bypass } from '#domain/bypass/chain';
import { bypassId, type PersonId } from '#domain/ids';
import { openedGates } from '#domain/opened-gates';
import { evaluatePolicy } from '#domain/policy/evaluate-policy';
import type { Policy } from '#domain/policy/policy';
import type { Action, ApproveAction, OpenAction } from './action.ts';
import { TTLS_MS } from './arbitrary-policy.ts';
import { PEOPLE, personNumber, personOfAccount } from './directory.ts';
import type { History } from './history.ts';
import { requestDigest, Simulation, versionNumber } from './simulation.ts';

/** What comes of a list of actions, and then of time alone. */
export function historyOf(policies: readonly Policy[], actions: readonly Action[]): History {
  const simulation = new Simulation(policies);
  for (const action of actions) take(simulation, action);
  simulation.drain();
  return simulation.history();
}

function take(run: Simulation, action: Action): void {
  switch (action.do) {
    case 'wait':
      run.now += action.ms;
      return;
    case 'tick':
      return run.tick();
    case 'open':
      return open(run, action);
    case 'approve':
      return approve(run, action);
    case 'deny':
    case 'revoke': {
      const bypass = pick(run, action.which, action.do === 'deny' ? 'waiting' : 'active');
      if (bypass === null) return;
      const approver = bypass.request.approvals[0]?.approver;
      const anyone = personOfAccount(action.account);
      const by = action.do === 'revoke' && action.account % 2 === 0 ? (approver ?? anyone) : anyone;
      return run.submit(
        { type: action.do, bypass: bypass.request.id, by, reason: '' },
        action.ageMs,
      );
    }
    case 'withdraw':
    case 'close': {
      const bypass = pick(run, action.which, action.do === 'withdraw' ? 'waiting' : 'active');
      if (bypass === null) return;
      // Half of them by whoever asked, so that enough of them succeed.
      const by =
        action.account % 2 === 0 ? bypass.request.requester : personOfAccount(action.account);
      return run.submit({ type: action.do, bypass: bypass.request.id, by }, action.ageMs);
    }
    case 'lapse':
    case 'escalate':
    case 'expire': {
      const bypass = pick(run, action.which, action.do === 'expire' ? 'active' : 'waiting');
      if (bypass !== null) run.submit({ type: action.do, bypass: bypass.request.id });
      return;
    }
    case 'again': {
      const command = run.submitted.at(-1 - action.nth);
      if (command !== undefined) run.submit(command);
      return;
    }
    case 'ask':
      return run.ask(action.facts, action.provenance, action.deploy);
    case 'ask-about':
      return askAbout(run, action);
    case 'slip-in': {
      const bypass = pick(run, action.which, 'active');
      if (bypass !== null) run.annotate(bypass.request.id, action.facts, 'verified', action.deploy);
      return;
    }
    case 'finish':
    case 'revert':
    case 'read-back':
      return afterwards(run, action);
    case 'complete': {
      const chain = run.chainOf(pick(run, action.which, 'closed')?.request.id ?? null);
      const bypass = chain?.bypasses[0]?.request.id;
      const assignee = chain?.postMortem?.assignee ?? personOfAccount(action.account);
      const by = action.account % 2 === 0 ? assignee : personOfAccount(action.account);
      if (bypass !== undefined)
        run.submit({ type: 'complete-post-mortem', bypass, by, outcome: '' });
      return;
    }
    case 'apply-policy':
      run.current = versionNumber(action.version);
      return;
    case 'move':
      return run.directory.move(run.now, personNumber(action.person), action.group, action.into);
    case 'stand':
      return run.directory.stand(personNumber(action.person), action.standing);
    case 'fail':
      return run.directory.fail(run.now, action.group, action.failing);
  }
}

/** One in four picks is among all bypasses, the others among those where the action may succeed. */
function pick(run: Simulation, which: number, phase: Bypass['phase']): Bypass | null {
  const likely = run.bypasses(phase);
  const pool = which % 4 === 3 || likely.length === 0 ? run.bypasses() : likely;
  return pool[which % Math.max(1, pool.length)] ?? null;
}

function open(run: Simulation, action: OpenAction): void {
  const parent = action.extend === null ? null : pick(run, action.extend, 'active');
  const drill = parent === null ? action.drill : parent.request.id.startsWith('drill');
  // Now and then an extension asks for another gate and scope than what it extends.
  const { gate, scope } = parent === null || action.ttl % 7 === 6 ? action : parent.request;
  const offers = evaluatePolicy(run.policy(run.current), {
    gate,
    ...scope,
    severity: action.severity,
  }).ttlOffersMs;
  const from = action.ttl % 5 === 4 ? TTLS_MS : offers;
  run.submit(
    {
      type: 'open',
      bypass: bypassId(`${drill ? 'drill' : 'bypass'}-${run.submitted.length}`),
      by: personOfAccount(action.account),
      gate,
      scope,
      severity: action.severity,
      ttlMs: from[action.ttl % from.length] ?? 0,
      justification: '',
      incident: null,
      drill,
      extends: parent?.request.id ?? null,
    },
    action.ageMs,
  );
}

function approve(run: Simulation, action: ApproveAction): void {
  const bypass = pick(run, action.which, 'waiting');
  if (bypass === null) return;
  const { id, ttlAskedMs } = bypass.request;
  run.submit(
    {
      type: 'approve',
      bypass: id,
      by: action.honest ? likelyApprover(bypass, action.account) : personOfAccount(action.account),
      request: requestDigest(action.other ? bypassId('another') : id),
      ttlMs: action.ttl % 3 === 2 ? (TTLS_MS[action.ttl % TTLS_MS.length] ?? 0) : ttlAskedMs,
      pressedAt: run.now - action.pressedAgoMs,
      signing: action.signing,
      steppedUp: action.steppedUp,
    },
    action.ageMs,
  );
}

function likelyApprover({ request }: Bypass, account: number): PersonId {
  const approved = request.approvals.map((one) => one.approver);
  const likely = PEOPLE.filter((one) => one !== request.requester && !approved.includes(one));
  return likely[account % likely.length] ?? personOfAccount(account);
}

/** A deploy that fits a bypass that is open, or leaves out what its scope names. */
function askAbout(run: Simulation, action: Extract<Action, { do: 'ask-about' }>): void {
  const { which, deploy, leaveOut, provenance } = action;
  const bypass = pick(run, which, 'active');
  if (bypass === null) return;
  const { scope } = bypass.request;
  const gates = openedGates(bypass.request);
  const gate = gates[which % gates.length] ?? '';
  const branch = leaveOut ? null : (scope.branch ?? 'main');
  const artifact = leaveOut ? null : (scope.artifact ?? 'sha256:aa');
  run.ask({ ...scope, gate, branch, artifact }, provenance, deploy);
}

type Afterwards = Extract<Action, { do: 'finish' | 'revert' | 'read-back' }>;

function afterwards(run: Simulation, action: Afterwards): void {
  const bypass = pick(run, action.which, 'closed');
  if (bypass === null) return;
  const { id } = bypass.request;
  if (action.do === 'read-back') return readBack(run, bypass.request, action);
  const deploy = deployOf(bypass, action.deploy);
  if (action.do === 'finish')
    return run.submit({ type: 'finish-deploy', bypass: id, deploy, outcome: action.outcome });
  run.submit({ type: 'revert-deploy', bypass: id, deploy, result: action.result });
}

function readBack(
  run: Simulation,
  { id, gates }: Bypass['request'],
  { which, enforces }: Afterwards & { readonly enforces: boolean },
): void {
  const gate = gates?.[which % gates.length];
  run.submit({ type: 'read-back', bypass: id, ...(gate === undefined ? {} : { gate }), enforces });
}

function deployOf(bypass: Bypass, otherwise: string): string {
  return 'deploys' in bypass ? (bypass.deploys[0]?.key ?? otherwise) : otherwise;
}
