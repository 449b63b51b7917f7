import { Command, Option } from 'commander';
import { approvalLink } from '../approve/approval-link.ts';
import type { Pins } from '../approve/places.ts';
import { terminal } from '../approve/terminal.ts';

const VERSIONS = { '1': 1, '2': 2 } as const;

interface ApproveFlags {
  readonly yes: boolean;
  readonly bind: boolean;
  readonly browser: boolean;
  readonly pins?: string;
  readonly issuer?: string;
  readonly client?: string;
  readonly fulcioUrl?: string;
  readonly tsaUrl?: string;
  readonly rekorUrl?: string;
  readonly rekorVersion?: '1' | '2';
  readonly trustedRoot?: string;
}

/** `breakglass approve <link>`: approves on the approver's own machine, with a key of its own. */
export function approveCommand(): Command {
  return new Command('approve')
    .description('Approve with a key of this machine, which the service never holds.')
    .argument('<link>', 'the address in the Slack message that asks you')
    .option('--yes', 'do not ask whether to approve what is shown', false)
    .option('--bind', 'do not ask whether the account you sign in with is yours', false)
    .option('--no-browser', 'print the address to sign in at, and open nothing')
    .option('--pins <file>', 'YAML or JSON with the pins below, by their names in camel case')
    .option('--issuer <url>', 'pin the identity provider')
    .option('--client <id>', 'pin the OpenID Connect client of own keys')
    .option('--fulcio-url <url>', 'pin the certificate authority')
    .option('--tsa-url <url>', 'pin the timestamp authority')
    .option('--rekor-url <url>', 'pin the transparency log')
    .addOption(new Option('--rekor-version <n>', 'its version').choices(['1', '2']))
    .option('--trusted-root <file>', 'verify what was signed with this Sigstore trusted root')
    .addHelpText(
      'after',
      '\nIt needs no settings, no database and no secrets. What is not pinned, the service names.' +
        '\nExit codes: 0 approved, 1 not approved, 2 wrong usage.',
    )
    .action(async (link: string, flags: ApproveFlags) => {
      const { yes, bind, browser, pins: file, rekorVersion, ...pinned } = flags;
      const version = rekorVersion === undefined ? {} : { rekorVersion: VERSIONS[rekorVersion] };
      const url = approvalLink(link);
      const [{ approve }, { readPins }] = await Promise.all([
        import('../approve/approve.ts'),
        import('../approve/places.ts'),
      ]);
      const pins: Pins = await readPins(file, { ...pinned, ...version });
      await approve(url, pins, terminal({ yes, bind, browser }));
    });
}
