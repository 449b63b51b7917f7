import type { AnswerReason } from '../decision/answer.ts';
import type { DecisionQuestion } from '../decision/question.ts';
import type { PressAction } from './press.ts';
import type { Queue } from './queues.ts';
import type { SlackPayload } from './slack-watch.ts';
import type { DueDeadline } from './tenant-store.ts';

export interface MeasuredDecision {
  readonly answer: 'bypass' | 'enforce';
  readonly reason: AnswerReason;
  readonly phase: DecisionQuestion['phase'];
  /** By whom it was asked: over HTTP, or by what a gate system told us. */
  readonly way: 'api' | 'github';
}

export type CallOutcome = 'ok' | 'rate-limited' | 'refused' | 'unreached' | 'unanswered';
/** `left-alone`: it is known not to answer and was not asked. */
export type SigningOutcome = 'ok' | 'refused' | 'unavailable' | 'left-alone';

/**
 * What a replica counts for whoever watches it; nothing that it does depends on any of it. Every word
 * that is counted by is one of a closed list: no tenant, person, gate, service or text.
 */
export interface Measure {
  /** An answer whether a deploy may pass, and how long it took. */
  decided(decision: MeasuredDecision, seconds: number): void;
  /** None came in time, and whoever asked was told to enforce. */
  decisionLate(): void;
  pressed(action: PressAction['kind'], outcome: 'stored' | 'failed', seconds: number): void;
  /** From the arrival of a payload to its acknowledgement, or to what took its place. */
  acked(payload: SlackPayload, outcome: 'acked' | 'failed', seconds: number): void;
  slackCalled(method: string, outcome: CallOutcome, seconds: number): void;
  /** Slack asked for a pause. */
  slackLimited(method: string, pauseSeconds: number): void;
  /** A card was put off, by Slack's pause or by our own budget of edits. */
  slackWaited(method: string, seconds: number): void;
  /** One service of Sigstore, for one signature. */
  signed(service: string, outcome: SigningOutcome, seconds: number): void;
  /** Entries that stand in the log from now on, by their types. */
  recorded(types: readonly string[], seconds: number): void;
  /** From the request to the activation; drills aside. */
  approved(seconds: number): void;
  /** How long after it fell due a deadline was met. */
  deadlineMet(kind: DueDeadline['kind'], lateSeconds: number): void;
  worked(queue: Queue, outcome: 'done' | 'failed' | 'dead', seconds: number): void;
}

const nothing = (): void => undefined;

/** For a replica that nobody watches. */
export const UNMEASURED: Measure = {
  decided: nothing,
  decisionLate: nothing,
  pressed: nothing,
  acked: nothing,
  slackCalled: nothing,
  slackLimited: nothing,
  slackWaited: nothing,
  signed: nothing,
  recorded: nothing,
  approved: nothing,
  deadlineMet: nothing,
  worked: nothing,
};
