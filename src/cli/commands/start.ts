import { Command } from 'commander';

/** `breakglass start`: one replica of the service, until SIGTERM or SIGINT. */
export function startCommand(): Command {
  return new Command('start')
    .description('Run the service with the settings of the environment (docs/operations.md).')
    .action(async () => {
      const { readEnvironment } = await import('../read-environment.ts');
      const { config, secrets } = readEnvironment();
      const [{ createLog }, { runUntilSignal }, { startService }] = await Promise.all([
        import('#runtime/log'),
        import('#runtime/lifecycle'),
        import('#runtime/service'),
      ]);
      const log = createLog(config.logLevel);
      await runUntilSignal(log, (stopping) => startService(config, secrets, log, { stopping }));
    });
}
