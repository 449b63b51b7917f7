import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { approveCommand } from '#cli/commands/approve';
import { auditCommands } from '#cli/commands/audit';
import { demoCommand } from '#cli/commands/demo';
import { keysCommands } from '#cli/commands/keys';
import { migrateCommand } from '#cli/commands/migrate';
import { peopleCommands } from '#cli/commands/people';
import { policyCommands } from '#cli/commands/policy';
import { sigstoreCommands } from '#cli/commands/sigstore';
import { startCommand } from '#cli/commands/start';
import { tokenCommands } from '#cli/commands/token';
import { HELP_WORDS } from '#cli/help-words';

const withBelow = (command: Command): readonly Command[] => [
  command,
  ...command.commands.flatMap(withBelow),
];

const COMMANDS = [
  startCommand(),
  demoCommand(),
  migrateCommand(),
  policyCommands(),
  peopleCommands(),
  tokenCommands(),
  auditCommands(),
  keysCommands(),
  approveCommand(),
  sigstoreCommands(),
].flatMap(withBelow);

const helpOf = (command: Command): string =>
  command.configureHelp({ ...HELP_WORDS, helpWidth: 1_000 }).helpInformation();

test.each(COMMANDS.map((one) => [one.name(), one] as const))(
  'the help of %s tells what must be given, and no default that says nothing',
  (_, command) => {
    const help = helpOf(command);
    expect(help).not.toMatch(/default:|\[\]|false unless|true unless/);
    const [usage = ''] = help.split('\n');
    const lines = help.split('\n').filter((line) => line.startsWith('  --'));
    const needed = command.options.filter((one) => one.mandatory);
    for (const { flags } of needed) expect(usage).toContain(flags);
    expect(lines.filter((line) => line.includes('(required')).length).toBe(needed.length);
    expect(lines.slice(0, needed.length).every((line) => line.includes('(required'))).toBe(true);
  },
);

test('a default that says something is told', () => {
  const [demo] = COMMANDS.filter((one) => one.name() === 'demo');
  expect(demo === undefined ? '' : helpOf(demo)).toContain('(4100 unless given)');
});

test('what may be left out of several is not marked as required', () => {
  const [verify] = COMMANDS.filter((one) => one.name() === 'verify');
  const help = verify === undefined ? '' : helpOf(verify);
  expect(help).toMatch(/^Usage: audit verify --trusted-root <file> --log-key <key> \[options\] </);
  expect(help).toContain(
    '--service-key <hex>               a pinned service key; may be repeated\n',
  );
});
