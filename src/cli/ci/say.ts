import type { Environment } from './job-environment.ts';

/** Tells whoever reads the job's output; an `error` is what they look for first. */
export type Say = (text: string, weight?: 'error') => void;

/**
 * Writes to stderr, as the command's own output is not ours. In GitHub Actions an error stands at the
 * top of the run's page as well.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function sayTo(out: NodeJS.WritableStream, env: Environment): Say {
  return (text, weight) => {
    const asCommand = weight === 'error' && env['GITHUB_ACTIONS'] === 'true';
    out.write(asCommand ? `::error title=break-glass::${escaped(text)}\n` : `${text}\n`);
  };
}

const escaped = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
