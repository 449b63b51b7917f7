import type { GateRun } from '#application/ports/gate-runs';
import type { TenantId } from '#domain/ids';
import { answerRule } from './answer-rule.ts';
import { readCallback } from './api-address.ts';
import type { GithubRequest } from './app-client.ts';
import { usableGates, type GithubContext } from './context.ts';
import type { GithubEvent } from './events.ts';
import { isRule, type RuleGate } from './github-gates.ts';
import { hasPassed } from './own-check.ts';
import type { GithubDeploy } from './ports.ts';
import { branchAt, readRun, type GithubRun } from './read-run.ts';
import { words } from './words.ts';

type Requested = Extract<GithubEvent, { event: 'deployment_protection_rule' }>['said'];

/** GitHub takes so many status reports for a rule; one is kept for what may still be said. */
const MOST_REPORTS = 9;

/** A run asks whether it may deploy: it is kept, and answered as things stand now. */
export async function ruleRequested(
  context: GithubContext,
  tenant: TenantId,
  said: Requested,
): Promise<void> {
  const { environment, repository, deployment_callback_url: callback } = said;
  const gates = (await usableGates(context, tenant))
    .filter(isRule)
    .filter((gate) => gate.repositoryId === repository.id)
    .filter((gate) => gate.environment === null || gate.environment === environment);
  if (gates.length === 0) return;
  const named = readCallback(context.app.apiUrl, callback);
  for (const gate of gates) {
    const isOurs = named?.repository.toLowerCase() === `${gate.owner}/${gate.repo}`.toLowerCase();
    if (named === null || !isOurs) {
      context.onTrouble({ code: 'callback-refused', gate: gate.gate, about: environment });
      continue;
    }
    await keepRun(context, tenant, gate, named.run, environment);
    await settleGate(context, tenant, gate);
  }
}

async function keepRun(
  context: GithubContext,
  tenant: TenantId,
  gate: RuleGate,
  id: string,
  environment: string,
): Promise<void> {
  const request = context.app.inRepository(gate);
  const run = await readRun(request, gate, id);
  if (run === null || run.status === 'completed') return;
  const { attempt, commit, url, actor, workflow } = run;
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
    state: 'waiting',
    through: null,
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
  for (const kept of open) {
    const newer = open.find((other) => replaces(other, kept));
    await settleRun({ context, tenant, gate, request, newer }, kept).catch((error: unknown) =>
      failures.push(error),
    );
  }
  if (failures.length > 0) throw failures[0];
}

/** Otherwise one bypass would let through every old commit that still waits. */
function replaces(other: GateRun, kept: GateRun): boolean {
  return (
    kept.state === 'waiting' &&
    other.environment === kept.environment &&
    other.workflow === kept.workflow &&
    other.branch === kept.branch &&
    Number(other.run) > Number(kept.run)
  );
}

interface Settling {
  readonly context: GithubContext;
  readonly tenant: TenantId;
  readonly gate: RuleGate;
  readonly request: GithubRequest;
  readonly newer: GateRun | undefined;
}

async function settleRun(settling: Settling, kept: GateRun): Promise<void> {
  const { context, tenant, gate, request, newer } = settling;
  const run = await readRun(request, gate, kept.run);
  if (run === null || run.status === 'completed' || run.attempt > kept.attempt)
    return endRun(context, tenant, gate, kept, run);
  if (newer !== undefined) return reject(settling, kept, words.replaced(newer.run));
  if (kept.through === 'check') return;
  if (kept.state === 'waiting' && (await hasPassed(request, gate, kept.commit, gate.wraps)))
    return approve(settling, kept, 'check', words.passed(gate.wraps ?? ''));
  const answer = await context.decisions.ask(tenant, deployOf(gate, kept));
  if (answer.decision === 'bypass')
    return kept.state === 'approved' && run.status === 'running'
      ? undefined
      : approve(settling, kept, 'bypass', words.bypassed(answer));
  // Let through and running, it cannot be called back: what is to be done with it comes as a revert.
  if (kept.state === 'waiting') return report(settling, kept, answer.reason);
}

/** Noted before it is sent: the run may start, and be seen to, before GitHub's answer is here. */
async function approve(
  { context, tenant, gate, request }: Settling,
  kept: GateRun,
  through: 'bypass' | 'check',
  comment: string,
): Promise<void> {
  await context.runs.change(tenant, kept, { state: 'approved', through });
  await answerRule(request, gate, kept, 'approved', comment);
}

async function reject(settling: Settling, kept: GateRun, comment: string): Promise<void> {
  const { context, tenant, gate, request } = settling;
  await answerRule(request, gate, kept, 'rejected', comment);
  await context.runs.change(tenant, kept, { state: 'ended' });
}

/** Says something only where it is new: there are few reports, and a run may wait for 30 days. */
async function report(settling: Settling, kept: GateRun, reason: string): Promise<void> {
  const { context, tenant, gate, request } = settling;
  const comment = words.waiting({ ...gate, environment: kept.environment }, reason);
  if (comment === kept.lastReport || kept.reports >= MOST_REPORTS) return;
  // Counted before it is sent: a crash in between costs a report, and never one too many.
  await context.runs.change(tenant, kept, { reports: kept.reports + 1, lastReport: comment });
  await answerRule(request, gate, kept, null, comment);
}

/** It ended, or was started anew, which is another attempt. */
async function endRun(
  context: GithubContext,
  tenant: TenantId,
  gate: RuleGate,
  kept: GateRun,
  run: GithubRun | null,
): Promise<void> {
  if (kept.through === 'bypass')
    await context.decisions.finish(tenant, deployOf(gate, kept), outcomeFor(kept, run));
  await context.runs.change(tenant, kept, { state: 'ended' });
}

function outcomeFor(kept: GateRun, run: GithubRun | null): GithubRun['outcome'] {
  const isThis = run?.attempt === kept.attempt && run.status === 'completed';
  return isThis ? run.outcome : 'failed';
}

/** The same id as a job of the run asks with, so that both are one deploy. */
function deployOf(gate: RuleGate, kept: GateRun): GithubDeploy {
  const { environment, branch, commit, run, attempt, url, actor } = kept;
  const deploy = { id: `github-${run}`, attempt, url, actor };
  return { gate: gate.gate, service: gate.service, environment, branch, commit, deploy };
}
