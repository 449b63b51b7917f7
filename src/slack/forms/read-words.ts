import type { FormChoices } from '#application/ports/request-forms';
import { parseDuration } from '../words/durations.ts';
import { EMPTY_FORM, type FormValues } from './form-values.ts';
import { unescapeSlack } from './unescape-slack.ts';
import { recognise } from './recognise.ts';

/** More is never shown as a justification. */
const LONGEST = 3_000;
/** So many words are looked up among the policy's names, while other payloads wait: a line has fewer. */
const MOST_READ = 100;

/** What was typed, word by word; `1 h` is one. */
export const wordsOf = (text: string): string[] =>
  joinedDurations(unescapeSlack(text).slice(0, LONGEST).split(/\s+/).filter(Boolean));

/**
 * Reads a request, tolerantly and in any order: known names, a duration, a digest, an incident,
 * `key=value` pairs. What is left is the justification. Two words in a row that mean nothing start
 * it, so that a sentence such as "revert main to 2h ago" stays one.
 */
export function valuesOf(words: readonly string[], choices: FormChoices): FormValues {
  let values = EMPTY_FORM;
  const why: string[] = [];
  for (const [index, word] of words.slice(0, MOST_READ).entries()) {
    const found = recognise(word, values, choices);
    if (found !== null) {
      values = { ...values, ...found };
      continue;
    }
    const next = words[index + 1];
    if (next === undefined || recognise(next, values, choices) !== null) {
      why.push(word);
      continue;
    }
    return withTail(values, [...why, ...words.slice(index)], choices);
  }
  return withTail(values, [...why, ...words.slice(MOST_READ)], choices);
}

/** The sentence is kept whole; what cannot be meant otherwise is read from it as well. */
function withTail(values: FormValues, words: readonly string[], choices: FormChoices): FormValues {
  const sure = words.slice(0, MOST_READ).reduce((so, word) => {
    const { incident, artifact, channel } = recognise(word, so, choices) ?? {};
    return {
      ...so,
      ...(incident && { incident }),
      ...(artifact && { artifact }),
      ...(channel && { channel }),
    };
  }, values);
  return { ...sure, justification: words.length === 0 ? null : words.join(' ') };
}

function joinedDurations(words: readonly string[]): string[] {
  return words.reduce<string[]>((joined, word) => {
    const last = joined.at(-1);
    const together = `${last ?? ''}${word}`;
    const isUnit = /^[a-z]+$/i.test(word) && /^\d+(\.\d+)?$/.test(last ?? '');
    return isUnit && parseDuration(together) !== null
      ? [...joined.slice(0, -1), together]
      : [...joined, word];
  }, []);
}
