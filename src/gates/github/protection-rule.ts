import type { GateRun } from '#application/ports/gate-runs';
import type { TenantId } from '#domain/ids';
import { readCallback } from './api-address.ts';
import { refusalOf, usableGates, type GithubContext } from './context.ts';
import type { GithubEvent } from './events.ts';
import { isRule, standsIn, type RuleGate } from './github-gates.ts';
import { branchAt, readRun } from './read-run.ts';
import { settleRun } from './settle-run.ts';

type Requested = Extract<GithubEvent, { event: 'deployment_protection_rule' }>['said'];

/** A run asks whether it may deploy: it is kept, and answered as things stand now. */
export async function ruleRequested(
  context: GithubContext,
  tenant: TenantId,
  said: Requested,
  delivery: string,
): Promise<void> {
  const { environment, repository, deployment_callback_url: callback } = said;
  const gates = (await usableGates(context, tenant))
    .filter(isRule)
    .filter((gate) => standsIn(gate, repository))
    .filter((gate) => gate.environment === null || gate.environment === environment);
  if (gates.length === 0) return;
  const named = readCallback(context.app.apiUrl, callback);
  for (const gate of gates) {
    const isOurs = named?.repository.toLowerCase() === `${gate.owner}/${gate.repo}`.toLowerCase();
    if (named === null || !isOurs) {
      context.onTrouble({ code: 'callback-refused', gate: gate.gate, about: environment });
      continue;
    }
    await keepRun(context, tenant, gate, { delivery, environment, run: named.run });
    await settleGate(context, tenant, gate);
  }
}

type Asking = Readonly<Record<'delivery' | 'environment' | 'run', string>>;

async function keepRun(
  context: GithubContext,
  tenant: TenantId,
  gate: RuleGate,
  { delivery, environment, run: id }: Asking,
): Promise<void> {
  const request = context.app.inRepository(gate);
  const run = await readRun(request, gate, id);
  if (run === null || run.status === 'completed') return;
  const { attempt, commit, url, actor, workflow, line } = run;
  const branch = await branchAt(request, gate, commit, run.ref);
  await context.runs.add(tenant, {
    gate: gate.gate,
    environment,
    run: run.run,
    attempt,
    branch,
    commit,
    url,
    actor,
    workflow,
    line,
    delivery,
    state: 'waiting',
    through: null,
    answered: false,
    began: false,
    reports: 0,
    lastReport: null,
  });
}

/**
 * Asks again about every run of the gate that has not ended: those that wait are let through when a
 * bypass covers them, those that were let through keep their lease until they end. Level-triggered:
 * whatever was missed is made good by the next call. Rejects with the first failure, once every run
 * was tried.
 */
export async function settleGate(
  context: GithubContext,
  tenant: TenantId,
  gate: RuleGate,
): Promise<void> {
  const open = await context.runs.open(tenant, gate.gate);
  const request = context.app.inRepository(gate);
  const failures: unknown[] = [];
  const settled: GateRun[] = [];
  const refused: GateRun[] = [];
  // The newest first: what becomes of it decides about those that are older.
  for (const kept of open.toSorted((a, b) => Number(b.run) - Number(a.run))) {
    const newer = settled.filter((other) => replaces(other, kept));
    const settling = { context, tenant, gate, request, newer, refused };
    const state = await settleRun(settling, kept).catch((error: unknown) => {
      failures.push(error);
      return kept.state;
    });
    if (state !== 'ended') settled.push({ ...kept, state });
  }
  if (refused.length > 0) context.refusals.add(refusalOf(tenant, gate.gate));
  if (failures.length > 0) throw failures[0];
  if (refused.length === 0) context.refusals.delete(refusalOf(tenant, gate.gate));
}

/** Otherwise one bypass would let through every old commit that still waits. */
function replaces(other: GateRun, kept: GateRun): boolean {
  const isOneLine =
    kept.line === null
      ? other.line === null && kept.branch !== null && other.branch === kept.branch
      : other.line === kept.line;
  return (
    isOneLine &&
    other.environment === kept.environment &&
    other.workflow === kept.workflow &&
    Number(other.run) > Number(kept.run)
  );
}
