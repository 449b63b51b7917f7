import { z } from 'zod';

/** An empty setting is one that is not set: orchestrators pass both. */
const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional());

const url = (what: string) =>
  z.url({ protocol: /^https?$/, error: `write ${what} as an http or https address` });

const port = z
  .string()
  .regex(/^\d{1,5}$/, { error: 'write a port number from 0 to 65535' })
  .transform(Number)
  .refine((value) => value <= 65_535, { error: 'write a port number from 0 to 65535' });

const prefixed = (prefix: string, where: string) =>
  z.string().startsWith(prefix, { error: `it must start with ${prefix}; copy it from ${where}` });

/** The environment as it is written. Messages never repeat a value: it may be a secret. */
export const settings = z.object({
  SLACK_BOT_TOKEN: prefixed('xoxb-', 'OAuth & Permissions of your Slack app'),
  SLACK_APP_TOKEN: optional(prefixed('xapp-', 'Basic Information, App-Level Tokens')),
  SLACK_SIGNING_SECRET: optional(
    z.string().min(16, { error: 'copy it from Basic Information of your Slack app' }),
  ),
  SLACK_MODE: optional(z.enum(['socket', 'http'], { error: 'write socket or http' })),
  SLACK_API_URL: optional(url('it')),
  DATABASE_URL: optional(
    z.string().regex(/^postgres(ql)?:\/\//, { error: 'write postgres://user:password@host/name' }),
  ),
  PORT: optional(port),
  HOST: optional(z.string()),
  PUBLIC_URL: optional(url('the address that others reach this service at')),
  BREAKGLASS_POLICY: z.string().min(1, { error: 'write the path of your policy document' }),
  BREAKGLASS_DATA_DIR: optional(z.string()),
  BREAKGLASS_KEK: optional(z.string()),
  BREAKGLASS_PAGE_URL: optional(url('the address that takes pages')),
  BREAKGLASS_PAGE_SECRET: optional(prefixed('whsec_', 'the receiver of the pages')),
  BREAKGLASS_PAGE_PRIVATE: optional(z.enum(['yes', 'no'], { error: 'write yes or no' })),
  BREAKGLASS_EMBEDDED_SIGSTORE: optional(
    z.literal('evaluation', { error: 'write evaluation, or leave it out' }),
  ),
  FULCIO_URL: optional(url('it')),
  REKOR_URL: optional(url('it')),
  TSA_URL: optional(url('it')),
  LOG_LEVEL: optional(
    z.enum(['debug', 'info', 'warn', 'error'], { error: 'write debug, info, warn or error' }),
  ),
});

export type Settings = z.infer<typeof settings>;
