import type { Meant } from '#application/ports/mine';
import type { FormChoices } from '#application/ports/request-forms';
import { coherent, type FormValues } from './form-values.ts';
import { valuesOf, wordsOf } from './read-words.ts';

export type ParsedCommand =
  | { readonly sub: 'help' | 'list' | 'policy' }
  | { readonly sub: 'open'; readonly drill: boolean; readonly values: FormValues }
  | {
      readonly sub: Meant['act'];
      readonly meant: Meant;
      readonly ttlMs: number | null;
      /** What is left, or all of it where it reads as a request; only an extension has a use for it. */
      readonly rest: string | null;
    };

const ACTS: readonly string[] = ['status', 'extend', 'close', 'withdraw'] satisfies Meant['act'][];
const HELP = ['help', '?', '-h', '--help'];
const DRILL = ['drill', '--drill'];
const REFERENCE = /^#?(\d{1,15})$/;

/**
 * Reads what was typed after the command. The exact first word says what is meant; any other is
 * the beginning of a request. `open` in front makes a request of a line that begins with such a word.
 */
export function parseCommand(text: string, choices: FormChoices): ParsedCommand {
  const words = wordsOf(text);
  const [typed = '', ...rest] = words;
  const first = typed.toLowerCase();
  if (HELP.includes(first)) return { sub: 'help' };
  if (first === 'list') return { sub: 'list' };
  if (first === 'policy' && rest.length === 0) return { sub: 'policy' };
  if (isAct(first)) return actOf(first, rest, choices);
  if (DRILL.includes(first)) return { sub: 'open', drill: true, ...opening(rest, choices) };
  return { sub: 'open', drill: false, ...opening(first === 'open' ? rest : words, choices) };
}

const isAct = (word: string): word is Meant['act'] => ACTS.includes(word);

const opening = (words: readonly string[], choices: FormChoices) => ({
  values: coherent(valuesOf(words, choices), choices),
});

function actOf(act: Meant['act'], words: readonly string[], choices: FormChoices): ParsedCommand {
  const [first = '', ...others] = words;
  const index = REFERENCE.exec(first)?.[1];
  const { gate, service, environment, ttlMs, incident, justification } = valuesOf(
    index === undefined ? words : others,
    choices,
  );
  const reference = index === undefined ? null : Number(index);
  // How long and for which incident is said of what is asked for, never of what is to end.
  const ends = act === 'close' || act === 'withdraw';
  const isRequest = ends && (ttlMs !== null || incident !== null);
  return {
    sub: act,
    meant: { act, reference, gate, service, environment },
    ttlMs,
    rest: isRequest ? words.join(' ') : justification,
  };
}
