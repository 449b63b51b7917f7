import { createInterface } from 'node:readline/promises';
import { UsageError } from '../report-failure.ts';
import type { Approver } from './approve.ts';
import { openBrowser } from './open-browser.ts';

export interface TerminalAnswers {
  /** The approval needs no question. */
  readonly yes: boolean;
  /** Neither does binding the account. */
  readonly bind: boolean;
  readonly browser: boolean;
}

/** The person at this terminal; where there is none, only options answer. */
export function terminal(answers: TerminalAnswers): Approver {
  return {
    say: (line) => void process.stdout.write(`${line}\n`),
    async confirms(question, about) {
      if (about === 'approval' ? answers.yes : answers.bind) return true;
      if (!process.stdin.isTTY) {
        const option = about === 'approval' ? '--yes' : '--bind';
        throw new UsageError(`${question} Nobody can be asked here: say so with ${option}.`);
      }
      return askYes(question);
    },
    openBrowser: (url) => {
      if (answers.browser) openBrowser(url);
    },
  };
}

async function askYes(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await lines.question(`${question} Type yes: `)).trim().toLowerCase() === 'yes';
  } finally {
    lines.close();
  }
}
