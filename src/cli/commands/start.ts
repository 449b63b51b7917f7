import { Command } from 'commander';
import { createLog } from '#runtime/log';
import { runUntilSignal } from '#runtime/lifecycle';
import { startService } from '#runtime/service';
import { readEnvironment } from '../read-environment.ts';

/** `breakglass start`: one replica of the service, until SIGTERM or SIGINT. */
export function startCommand(): Command {
  return new Command('start')
    .description('Run the service with the settings of the environment (docs/operations.md).')
    .action(async () => {
      const { config, secrets } = readEnvironment();
      const log = createLog(config.logLevel);
      await runUntilSignal(log, (stopping) => startService(config, secrets, log, { stopping }));
    });
}
