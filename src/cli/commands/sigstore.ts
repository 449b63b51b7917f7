import { Command, Option } from 'commander';
import {
  assembleTrustedRoot,
  trustedRootDocument,
  type TrustedAuthority,
  type TrustedLog,
  type TrustedParts,
  type TrustedRootDocument,
} from '#sigstore/assemble-trusted-root';
import { counted } from '#ledger/verify/counted';
import { readChain, readLogKey, readTileLogKey, type UnusablePart } from '#sigstore/trusted-parts';
import { readText } from '../read-text.ts';
import { UsageError } from '../report-failure.ts';
import { trustedRootIn } from '../trusted-root-file.ts';
import { writeOut } from '../write-out.ts';

interface Flags {
  readonly fulcioChain?: string;
  readonly fulcioUrl: string;
  readonly tsaChain?: string;
  readonly tsaUrl: string;
  readonly ctKey?: string;
  readonly ctUrl: string;
  readonly rekorKey?: string;
  readonly rekorUrl: string;
  readonly rekorVersion: '1' | '2';
  readonly from?: string;
  readonly keep?: string;
  readonly ended?: string;
  readonly out?: string;
}

/** `breakglass sigstore trusted-root | check`. */
export function sigstoreCommands(): Command {
  const sigstore = new Command('sigstore').description('Work with a private Sigstore.');
  sigstore.addCommand(trustedRootCommand());
  sigstore.addCommand(checkCommand());
  return sigstore;
}

function checkCommand(): Command {
  return new Command('check')
    .description(
      "Sign a statement that is no entry with the service's Sigstore, and verify it as an auditor would. The service must be running.",
    )
    .requiredOption('--trusted-root <file>', 'the trusted root that auditors pin')
    .action(async ({ trustedRoot }: { trustedRoot: string }) => {
      const root = await readRoot('--trusted-root', trustedRoot);
      const { sigstoreCheck } = await import('../sigstore-check.ts');
      const checked = await sigstoreCheck(root);
      if (checked.ok) {
        const at = checked.signedAt.map((time) => new Date(time).toISOString()).join(', ');
        process.stdout.write(`Signed in ${checked.tookMs} ms and verified.\n`);
        process.stdout.write(`Issuer ${checked.issuer}, signed at ${at}\n`);
        return;
      }
      const where = checked.at === 'signing' ? 'Nothing was signed' : 'Signed, but not verified';
      process.stderr.write(`${where}: ${checked.code}\n  because: ${checked.detail}\n`);
      process.exitCode = 1;
    });
}

function trustedRootCommand(): Command {
  return new Command('trusted-root')
    .description('Write the trusted root that auditors pin, from certificates and public keys.')
    .option(
      '--fulcio-chain <pem>',
      "Fulcio's certificate chain, its own first, the root last; needed without --keep",
    )
    .option('--fulcio-url <url>', 'where Fulcio is', 'http://fulcio.internal')
    .option(
      '--tsa-chain <pem>',
      "the timestamp authority's chain, likewise; without one, a Rekor v1 vouches for times",
    )
    .option('--tsa-url <url>', 'where the timestamp authority is', 'http://tsa.internal')
    .option('--ct-key <pem>', 'the public key of the certificate log, if there is one')
    .option('--ct-url <url>', 'where the certificate log is', 'http://ct.internal')
    .option('--rekor-key <pem>', 'the public key of the transparency log, if there is one')
    .option('--rekor-url <url>', 'its host is the name the log signs with', 'http://rekor.internal')
    .addOption(
      new Option('--rekor-version <n>', 'which Rekor it is').choices(['1', '2']).default('2'),
    )
    .option('--from <time>', "since when the logs' keys sign; else as long as the certificates")
    .option('--keep <file>', 'a trusted root whose authorities and keys stay in the new one')
    .option('--ended <time>', 'when what is replaced in it stopped signing; else now')
    .option('--out <file>', 'the file to write; it must not exist; without it, standard output')
    .action(async (flags: Flags) => {
      const kept = flags.keep === undefined ? undefined : await readRoot('--keep', flags.keep);
      const ended = flags.ended === undefined ? new Date() : timeOf('--ended', flags.ended);
      const root = assembleTrustedRoot(await partsOf(flags), kept, ended);
      const text = `${JSON.stringify(root, null, 2)}\n`;
      await writeOut(text, flags.out, rootTold(root, flags.out ?? ''));
    });
}

async function partsOf(flags: Flags): Promise<TrustedParts> {
  const fulcio = await authority('--fulcio-chain', flags.fulcioChain, flags.fulcioUrl);
  const tsa = await authority('--tsa-chain', flags.tsaChain, flags.tsaUrl);
  const from = since(flags, [fulcio, tsa]);
  const ctLog = await log('--ct-key', flags.ctKey, flags.ctUrl, '1', from);
  const rekor = await log('--rekor-key', flags.rekorKey, flags.rekorUrl, flags.rekorVersion, from);
  const parts = { fulcio, tsa, ctLog, rekor };
  const given = Object.entries(parts).filter(([, part]) => part !== undefined);
  if (given.length === 0) throw new UsageError('Nothing to trust was given: see --help.');
  // Something must vouch for the time: a Rekor v1 does with each entry, a Rekor v2 never.
  const timed = tsa !== undefined || (rekor !== undefined && flags.rekorVersion === '1');
  if (flags.keep === undefined && (fulcio === undefined || !timed))
    throw new UsageError(
      'A trusted root needs --fulcio-chain, and --tsa-chain or the --rekor-key of a Rekor v1.',
    );
  return Object.fromEntries(given);
}

/** A log's key was there no later than the certificates it goes with. */
function since(flags: Flags, authorities: readonly (TrustedAuthority | undefined)[]): Date {
  if (flags.from !== undefined) return timeOf('--from', flags.from);
  const starts = authorities.flatMap((one) => one?.chain.map(({ validFrom }) => validFrom) ?? []);
  const times = starts.map((text) => Date.parse(text));
  return times.length === 0 ? new Date() : new Date(Math.min(...times));
}

async function authority(
  flag: '--fulcio-chain' | '--tsa-chain',
  file: string | undefined,
  url: string,
): Promise<TrustedAuthority | undefined> {
  if (file === undefined) return undefined;
  const use = flag === '--fulcio-chain' ? 'certificates' : 'timestamps';
  const chain = readChain(await readText(flag, file), use);
  if (typeof chain === 'string') throw new UsageError(`${flag} ${file}: ${inWords(chain)}`);
  return { url: urlOf(url).href, chain };
}

async function log(
  flag: string,
  file: string | undefined,
  url: string,
  version: '1' | '2',
  from: Date,
): Promise<TrustedLog | undefined> {
  if (file === undefined) return undefined;
  const pem = await readText(flag, file);
  const key = version === '1' ? readLogKey(pem) : readTileLogKey(pem, urlOf(url));
  if (typeof key === 'string') throw new UsageError(`${flag} ${file}: ${inWords(key)}`);
  return { url: urlOf(url).href, key, from };
}

function inWords(problem: UnusablePart): string {
  switch (problem) {
    case 'no-certificate':
      return 'there is no certificate in it, or one that cannot be read.';
    case 'broken-chain':
      return 'each certificate must be signed by the next one, and the last one by itself.';
    case 'not-an-authority':
      return 'its first certificate may not sign certificates.';
    case 'not-for-timestamps':
      return 'its first certificate must be for timestamps and for nothing else.';
    case 'no-public-key':
      return 'there is no public key (PEM) in it.';
    case 'unsupported-key':
      return 'the key must be P-256, or Ed25519 for Rekor v2 (see --rekor-version).';
  }
}

async function readRoot(flag: string, file: string): Promise<TrustedRootDocument> {
  const read = trustedRootIn(await readText(flag, file), file);
  if ('problem' in read) throw new UsageError(`${flag}: ${read.problem}`);
  const parsed = trustedRootDocument.safeParse(read.root);
  if (!parsed.success)
    throw new UsageError(
      `${flag}: a certificate or a key in ${file} is broken. Get the file anew.`,
    );
  return parsed.data;
}

/** What was written, and what for. */
function rootTold(root: TrustedRootDocument, out: string): string {
  const parts = [
    counted(root.certificateAuthorities.length, 'certificate authority', 'certificate authorities'),
    counted(root.timestampAuthorities.length, 'timestamp authority', 'timestamp authorities'),
    counted(root.ctlogs.length, 'certificate log'),
    counted(root.tlogs.length, 'transparency log'),
  ];
  return [
    `The trusted root is in ${out}: ${parts.join(', ')}. Nothing in it is secret.`,
    `Check it: breakglass sigstore check --trusted-root ${out}`,
    'Then give it to the auditors, on a way that you do not share with the service: audit verify --trusted-root.',
  ].join('\n');
}

function urlOf(text: string): URL {
  if (!URL.canParse(text)) throw new UsageError(`${text} is no URL.`);
  return new URL(text);
}

function timeOf(flag: string, text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new UsageError(`${flag} ${text} is no time (RFC 3339).`);
  return time;
}
