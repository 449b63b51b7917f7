import type { RadioButtons, StaticSelect } from '@slack/types';
import type { BypassCard } from '#application/ports/card';
import { ACTIONS } from '../action-ids.ts';
import { option } from '../block-kit/blocks.ts';
import { LIMITS } from '../block-kit/limits.ts';
import type { Words } from '../words/words.ts';

/**
 * What is granted unless the approver chooses: what was asked for where it can be granted, else the
 * longest that is shorter, else the shortest. `null` where nothing can be granted. Milliseconds.
 */
export function defaultTtlMs(card: Pick<BypassCard, 'grantableMs' | 'ttlAskedMs'>): number | null {
  const sorted = offered(card.grantableMs);
  return sorted.findLast((ms) => ms <= card.ttlAskedMs) ?? sorted[0] ?? null;
}

/** The approver's choice of duration: radio buttons where few, else a menu; `null` if nothing is left. */
export function ttlChoice(card: BypassCard, words: Words): RadioButtons | StaticSelect | null {
  const chosen = defaultTtlMs(card);
  if (chosen === null) return null;
  const options = offered(card.grantableMs).map((one) => ttlOption(one, words));
  const few = options.length <= 5;
  return {
    type: few ? 'radio_buttons' : 'static_select',
    action_id: ACTIONS.ttl,
    options,
    initial_option: ttlOption(chosen, words),
  };
}

export const ttlOption = (ms: number, words: Words) => option(words.durationWords(ms), String(ms));

/** Distinct, ascending, as many as a menu takes. */
export const offered = (ttlsMs: readonly number[]): number[] =>
  [...new Set(ttlsMs)].sort((a, b) => a - b).slice(0, LIMITS.selectOptions);
