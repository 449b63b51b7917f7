import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { isPlain } from '#runtime/config/plain-http';
import { isTrustedRoot } from '#sigstore/is-trusted-root';
import { UsageError } from '../report-failure.ts';
import type { Prepared } from './approval-api.ts';

const address = z.url({ protocol: /^https?$/ });

/** What an approver may fix beforehand, so that the service cannot name something else. */
const pins = z.strictObject({
  issuer: address.optional(),
  client: z.string().min(1).optional(),
  fulcioUrl: address.optional(),
  tsaUrl: address.optional(),
  rekorUrl: address.optional(),
  rekorVersion: z.literal([1, 2]).optional(),
  /** The path of a Sigstore trusted root, JSON. */
  trustedRoot: z.string().min(1).optional(),
});

export type Pins = z.infer<typeof pins>;

/** Where the approver signs in and has things signed, and what of that they chose themselves. */
export interface Places {
  readonly issuer: string;
  readonly client: string;
  readonly fulcioUrl: string;
  readonly tsaUrl: string | null;
  readonly rekorUrl: string | null;
  readonly rekorVersion: 1 | 2;
  /** A Sigstore `TrustedRoot`; `null` checks the signature alone. */
  readonly trustedRoot: unknown;
  readonly pinned: Readonly<Record<'issuer' | 'fulcioUrl' | 'tsaUrl' | 'rekorUrl', boolean>>;
}

/** Pins of a file (YAML or JSON) below those of the command line. @throws UsageError */
export async function readPins(file: string | undefined, flags: Pins): Promise<Pins> {
  const written = file === undefined ? {} : await readYaml(file);
  const parsed = pins.safeParse({ ...written, ...flags });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new UsageError(
    where === ''
      ? `${file ?? 'The pins'}: it may hold ${Object.keys(pins.shape).join(', ')} and nothing else.`
      : `${where}: it is not what belongs there.`,
  );
}

async function readYaml(file: string): Promise<object> {
  try {
    return z
      .object({})
      .loose()
      .parse(parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new UsageError(`${file} cannot be read as YAML or JSON.`, { cause });
  }
}

/** The pinned places, and for the rest what the service names. @throws UsageError */
export async function placesOf({ provider, sigstore }: Prepared, pinned: Pins): Promise<Places> {
  if (pinned.fulcioUrl === undefined && isPlain(sigstore.fulcioUrl))
    throw new UsageError(
      'The service names a Fulcio that your sign-in would go to in the clear (http). If that is meant, pin it with --fulcio-url.',
    );
  return {
    issuer: pinned.issuer ?? provider.issuer,
    client: pinned.client ?? provider.client,
    fulcioUrl: pinned.fulcioUrl ?? sigstore.fulcioUrl,
    tsaUrl: pinned.tsaUrl ?? sigstore.tsaUrl,
    rekorUrl: pinned.rekorUrl ?? sigstore.rekorUrl,
    rekorVersion: pinned.rekorVersion ?? sigstore.rekorVersion,
    trustedRoot: await trustedRootIn(pinned.trustedRoot),
    pinned: {
      issuer: pinned.issuer !== undefined,
      fulcioUrl: pinned.fulcioUrl !== undefined,
      tsaUrl: pinned.tsaUrl !== undefined,
      rekorUrl: pinned.rekorUrl !== undefined,
    },
  };
}

async function trustedRootIn(file: string | undefined): Promise<unknown> {
  if (file === undefined) return null;
  const root = await readJson(file);
  if (!isTrustedRoot(root))
    throw new UsageError(`The trusted root cannot be read: ${file} is no Sigstore trusted root.`);
  return root;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`The trusted root cannot be read as JSON: ${file}`, { cause });
  }
}
