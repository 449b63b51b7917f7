#!/usr/bin/env node
import { Command } from 'commander';
import { deployCommand, gateCommand } from './ci/commands.ts';
import { approveCommand } from './commands/approve.ts';
import { auditCommands } from './commands/audit.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { jobsCommands } from './commands/jobs.ts';
import { keysCommands } from './commands/keys.ts';
import { logCommands } from './commands/log.ts';
import { migrateCommand } from './commands/migrate.ts';
import { peopleCommands } from './commands/people.ts';
import { policyCommands } from './commands/policy.ts';
import { secretCommands } from './commands/secret.ts';
import { sigstoreCommands } from './commands/sigstore.ts';
import { startCommand } from './commands/start.ts';
import { statisticsCommand } from './commands/statistics.ts';
import { tenantCommands } from './commands/tenant.ts';
import { tokenCommands } from './commands/token.ts';
import { webhookCommands } from './commands/webhook.ts';
import { HELP_WORDS } from './help-words.ts';
import { reportFailure } from './report-failure.ts';

const program = new Command('breakglass')
  .description('Time-boxed, approved, signed bypasses of deploy gates, from Slack.')
  .addHelpText(
    'after',
    '\nExit codes: 0 done, 1 refused or failed, 2 wrong usage or settings; audit verify has a 3 more.',
  )
  .configureHelp(HELP_WORDS)
  .showHelpAfterError('(--help says what there is)')
  .configureOutput({ outputError: (text, write) => write(text) })
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : 2));

program.addCommand(startCommand());
program.addCommand(demoCommand());
program.addCommand(migrateCommand());
program.addCommand(doctorCommand());
program.addCommand(policyCommands());
program.addCommand(tenantCommands());
program.addCommand(secretCommands());
program.addCommand(peopleCommands());
program.addCommand(tokenCommands());
program.addCommand(webhookCommands());
program.addCommand(gateCommand());
program.addCommand(deployCommand());
program.addCommand(auditCommands());
program.addCommand(jobsCommands());
program.addCommand(statisticsCommand());
program.addCommand(keysCommands());
program.addCommand(logCommands());
program.addCommand(approveCommand());
program.addCommand(sigstoreCommands());
inheritSettings(program);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportFailure(error, process.stderr);
}

/** Commander hands settings on only to commands that it makes itself: added ones would exit with 1. */
function inheritSettings(command: Command): void {
  for (const below of command.commands) {
    below.copyInheritedSettings(command);
    inheritSettings(below);
  }
}
