import type { Meant } from '#application/ports/mine';
import type { Words } from '#slack/words/words';
import { CHOICES } from '#test/slack/app/fake-ports';
import type { Input } from './input.ts';
import { answer, type Shelf } from './shown.ts';

/** What a typed act named, and what of the line nobody understood. */
const MEANT: Readonly<Record<string, { readonly meant: Meant; readonly rest: string | null }>> = {
  'nothing of one’s own': {
    meant: { act: 'close', reference: null, gate: null, service: null, environment: null },
    rest: null,
  },
  'nothing there': {
    meant: {
      act: 'withdraw',
      reference: null,
      gate: null,
      service: 'checkout',
      environment: 'production',
    },
    rest: null,
  },
  'no such number': {
    meant: { act: 'status', reference: 7, gate: null, service: null, environment: null },
    rest: null,
  },
  'words that mean nothing': {
    meant: { act: 'close', reference: 1042, gate: null, service: null, environment: null },
    rest: 'becuase it is fixed',
  },
};

/** Private answers to a line that was typed, or to a press that could not be taken. */
export function answers(words: Words, input: Input): Shelf {
  const none = Object.entries(MEANT).map(([name, one]) => {
    const { meant, rest } = input(one);
    return [`answer, ${name}`, answer(words.noneWords(meant.act, meant, rest))] as const;
  });
  const said = Object.entries(words.ANSWERS).map(
    ([name, text]) => [`answer, ${name}`, answer(text)] as const,
  );
  return {
    help: answer(words.helpWords(input(CHOICES))),
    'help without a policy': answer(words.helpWords(null)),
    'answer, close taken': answer(words.takenWords('close')),
    'answer, withdraw taken': answer(words.takenWords('withdraw')),
    ...Object.fromEntries([...none, ...said]),
  };
}
