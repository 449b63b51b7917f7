import type { BypassId, PersonId } from '#domain/ids';

/** The longest question, in characters. */
export const MAX_QUESTION = 1_000;

export interface NewQuestion {
  /** The press that asks it. */
  readonly id: string;
  readonly bypass: BypassId;
  readonly person: PersonId;
  readonly text: string;
}

export interface QuestionReads {
  /** How many were asked about a request. */
  questionsOf(bypass: BypassId): Promise<number>;
}

export interface QuestionWrites {
  /** Keeps the question until it stands in Slack, with the job that posts it. */
  addQuestion(question: NewQuestion): Promise<void>;
}
