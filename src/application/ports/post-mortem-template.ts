import type { BypassCard } from './card.ts';
import type { Instant } from '#domain/instant';

/** What a template can name. Own properties of plain values only. */
export interface PostMortemFacts {
  readonly card: BypassCard;
  /** The bypasses of the chain before this one, oldest first. */
  readonly earlier: readonly BypassCard[];
  readonly timeline: readonly { readonly at: Instant; readonly what: string }[];
  readonly dueAt: Instant;
}

export interface PostMortemTemplates {
  /** Mistakes of a template, found by parsing and by rendering a sample. Empty when it is good. */
  check(source: string): readonly string[];
  /**
   * Markdown, at most 12,000 characters. A template that fails or runs too long at this moment
   * gives the built-in one with a line saying so: the review is never lost to its template.
   */
  render(source: string | null, facts: PostMortemFacts): Promise<string>;
}
