import { Command } from 'commander';
import { explainRequest, type RequestQuestion } from '#application/policy/explain/explain-request';
import { namesAccount } from '#application/policy/names';
import { accountOf } from '#application/policy/slack-id';
import { UsageError } from '../report-failure.ts';
import { explainedWords } from './explained-words.ts';
import { ANY_TEAM, readPolicy } from './read-policy.ts';
import { lookUpForPolicy } from './workspace.ts';

interface Flags {
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  readonly branch?: string;
  readonly severity?: string;
  readonly requester?: string;
  readonly team?: string;
  readonly workspace: boolean;
  readonly json: boolean;
}

/** `breakglass policy explain`: what a request would need, whom it would ask, and why. */
export function explainCommand(): Command {
  return new Command('explain')
    .description(
      'Say of a request which rules match and why the others do not, which tier it gets, who would be asked and when it escalates.',
    )
    .argument('<file>', 'the policy document (YAML)')
    .requiredOption('--gate <name>', 'the gate to bypass')
    .requiredOption('--service <name>', 'the service to deploy')
    .requiredOption('--environment <name>', 'where to')
    .option('--branch <name>', 'the branch; without it, any')
    .option('--severity <name>', 'the severity that the requester claims')
    .option('--requester <account>', 'who asks, as U11 or T02/U31: they never count')
    .option('--team <id>', 'the Slack workspace of accounts that name none')
    .option('--workspace', 'look people and groups up, with SLACK_BOT_TOKEN', false)
    .option('--json', 'the explanation as JSON', false)
    .action(async (file: string, flags: Flags) => {
      const looked = flags.workspace ? await lookUpForPolicy(process.env, file) : null;
      const team = flags.team ?? looked?.team ?? ANY_TEAM;
      const { version } = await readPolicy(file, team);
      const question = questionOf(flags, team);
      const explained = explainRequest(version, question, looked?.members);
      if (flags.json)
        process.stdout.write(`${JSON.stringify({ question, ...explained }, null, 2)}\n`);
      else {
        const names = looked?.names ?? new Map<string, string>();
        process.stdout.write(explainedWords(explained, question, version.content, names));
      }
    });
}

function questionOf(flags: Flags, team: string): RequestQuestion {
  const { gate, service, environment, branch = null, severity = null, requester } = flags;
  if (requester !== undefined && !namesAccount(requester))
    throw new UsageError('--requester is an account, as U11 or T02/U31.');
  return {
    gate,
    service,
    environment,
    branch,
    severity,
    requester: requester === undefined ? null : accountOf(requester, team),
  };
}
