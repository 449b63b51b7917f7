#!/usr/bin/env node
import { chdir, env } from 'node:process';
import { Command } from 'commander';
import { HELP_WORDS } from '../help-words.ts';
import { reportFailure } from '../report-failure.ts';
import { actionRun, leaveStepEnvironment } from './action-inputs.ts';
import { deployCommand, gateCommand } from './commands.ts';
import type { Environment } from './job-environment.ts';

/** The commands for CI alone, which are built into one file that needs nothing but Node. */
function programFor(read: Environment): Command {
  const program = new Command('breakglass')
    .description('Ask whether a bypass lets this deploy through its gate.')
    .configureHelp(HELP_WORDS)
    .showHelpAfterError('(--help says what there is)')
    .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2));
  for (const command of [gateCommand(read), deployCommand(read)])
    program.addCommand(command.copyInheritedSettings(program));
  return program;
}

try {
  const action = process.argv.length === 2 ? actionRun(env) : null;
  if (action === null) await programFor(env).parseAsync();
  else {
    leaveStepEnvironment(env);
    if (action.directory !== '') chdir(action.directory);
    await programFor({ ...env, ...action.settings }).parseAsync(action.args, { from: 'user' });
  }
} catch (error) {
  process.exitCode = reportFailure(error, process.stderr);
}
