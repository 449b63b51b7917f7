import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Argument, Command } from 'commander';
import { rotateInstallationKey } from '#application/keys/rotate-installation-key';
import type { InstallationKeyPurpose } from '#application/ports/installation-keys';
import type { KeyPurpose } from '#application/ports/key-versions';
import { rotateKey } from '#application/tenant/rotate-key';
import {
  installationKeyLines,
  installationRotationLines,
  rotationLines,
  sealingLines,
  tenantKeyLines,
} from '../keys/words.ts';
import { knownTenant } from '../known-tenant.ts';
import { withStores, type Stores } from '../open-stores.ts';
import { UsageError } from '../report-failure.ts';

const WHAT = ['log', 'service', 'issuer', 'decision', 'authority'] as const;

type What = (typeof WHAT)[number];

interface TenantFlag {
  readonly tenant?: string;
}

/** `breakglass keys list | rotate | reseal`. */
export function keysCommands(): Command {
  const keys = new Command('keys').description('Keys: see them, replace them, seal them anew.');
  keys
    .command('list')
    .description('Show every public key with what it does now, and what seals the secret ones.')
    .option('--tenant <name>', 'the tenant whose log keys to show too, as the policy names it')
    .action(({ tenant }: TenantFlag) =>
      withStores(process.env, (stores) => list(stores, tenant ?? null)),
    );
  keys
    .command('rotate')
    .description(
      'Replace a key by a fresh one. What the former one signed stays verifiable. Every replica must run this version.',
    )
    .addArgument(
      new Argument(
        '<key>',
        'log, service: of a tenant; issuer, decision: of the installation; authority: the embedded one, stopped',
      ).choices(WHAT),
    )
    .option('--tenant <name>', 'the tenant, as the policy names it; needed for log and service')
    .action((what: What, { tenant }: TenantFlag) => rotate(what, tenant ?? null));
  keys
    .command('reseal')
    .description('Seal every secret under the first key of BREAKGLASS_KEK. It can be repeated.')
    .action(() => withStores(process.env, reseal));
  return keys;
}

const say = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

async function list(stores: Stores, tenant: string | null): Promise<void> {
  if (tenant !== null) {
    const id = await knownTenant(stores, tenant);
    say([...tenantKeyLines(tenant, await stores.keys.publicKeysOf(id)), '']);
  }
  say(['Keys of the installation']);
  const { publishedId } = await import('#runtime/installation-keys');
  for (const purpose of ['issuer', 'decision'] as const) {
    const { now, keys } = await stores.installationKeys.read(purpose);
    const named = keys.map((key) => ({ ...key, kid: publishedId(purpose, key.secret) }));
    say(installationKeyLines(purpose, named, now));
  }
  say(['', ...sealingLines(await stores.resealing.keys())]);
}

async function rotate(what: What, tenant: string | null): Promise<void> {
  switch (what) {
    case 'log':
    case 'service': {
      if (tenant === null) throw new UsageError(`Write whose ${what} key it is: --tenant <name>.`);
      return withStores(process.env, (stores) => rotateOfTenant(stores, what, tenant));
    }
    case 'issuer':
    case 'decision':
      return withStores(process.env, (stores) => rotateOfInstallation(stores, what));
    case 'authority':
      return rotateEmbedded();
  }
}

async function rotateOfTenant(stores: Stores, purpose: KeyPurpose, name: string): Promise<void> {
  const tenant = await knownTenant(stores, name);
  const newSalt = () => new Uint8Array(randomBytes(16));
  const rotation = await rotateKey({ ...stores, newSalt }, tenant, purpose);
  const pinned = join(dataDir(), 'log-key.txt');
  // Written at each start too; auditors are pointed to it, so it is not left behind until then.
  if (purpose === 'log' && existsSync(pinned)) await writeFile(pinned, `${rotation.to}\n`);
  say(rotationLines(name, purpose, rotation));
}

async function rotateOfInstallation(
  stores: Stores,
  purpose: InstallationKeyPurpose,
): Promise<void> {
  const { keys } = await stores.installationKeys.read(purpose);
  if (keys.length === 0)
    throw new UsageError(`There is no ${purpose} key yet: the first start makes it.`);
  const { newInstallationKey } = await import('#runtime/installation-keys');
  const make = () => newInstallationKey(purpose);
  const rotation = await rotateInstallationKey(stores.installationKeys, purpose, make);
  say(installationRotationLines(purpose, rotation));
}

async function rotateEmbedded(): Promise<void> {
  const folder = join(dataDir(), 'sigstore');
  if (!existsSync(folder)) throw new UsageError(`There is no embedded authority in ${dataDir()}.`);
  const [{ AUTHORITY_PARTS }, { FolderInUse }, { rotateAuthority }] = await Promise.all([
    import('#sigstore/embedded/key-ring'),
    import('#sigstore/embedded/folder-lock'),
    import('#sigstore/embedded/rotate-authority'),
  ]);
  try {
    const trustedRoot = await rotateAuthority(folder, AUTHORITY_PARTS, new Date());
    const file = join(dataDir(), 'trusted-root.json');
    await writeFile(file, `${JSON.stringify(trustedRoot, null, 2)}\n`);
    say([
      'The embedded authority has new keys for certificates, their log, timestamps and its log.',
      `${file} holds them and all former ones: what was signed before verifies under it. Give it to your auditors anew.`,
    ]);
  } catch (error) {
    if (!(error instanceof FolderInUse)) throw error;
    throw new UsageError('The authority is running. Stop the service, then rotate its keys.', {
      cause: error,
    });
  }
}

async function reseal(stores: Stores): Promise<void> {
  const done = await stores.resealing.run((sealed, all) => {
    process.stderr.write(`${sealed} of ${all} sealed anew\n`);
  });
  say([
    done === 0 ? 'Every secret was sealed under the first key already.' : `${done} sealed anew.`,
    ...sealingLines(await stores.resealing.keys()),
  ]);
}

const dataDir = (): string => resolve(process.env['BREAKGLASS_DATA_DIR'] ?? '.breakglass');
