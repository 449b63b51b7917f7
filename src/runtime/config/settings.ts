import { DURATION, durationMs } from '#application/policy/duration';
import { DAY_MS, MINUTE_MS } from '#domain/instant';
import { z } from 'zod';
import { TRACING_SAMPLERS } from './tracing-samplers.ts';

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

/** One mailbox; what it may be further is its server's to say (RFC 5321 §4.1.2). */
const ADDRESS = /^[^\s@,<>"]+@[^\s@,<>"]+$/;
const ADDRESS_REMEDY =
  'write mail addresses such as security@acme.example, at most 20, separated by commas';
const address = z.string().regex(ADDRESS, { error: ADDRESS_REMEDY });

const rekorVersion = z.enum(['1', '2'], { error: 'write 1 or 2' });

/** Percent-encoded as RFC 3986 §2.1 has it, so that it can be decoded. */
function isWellEscaped(address: string): boolean {
  try {
    decodeURIComponent(address);
    return true;
  } catch {
    // A URIError: the one thing that it throws.
    return false;
  }
}

const prefixed = (prefix: string, where: string) =>
  z.string().startsWith(prefix, { error: `it must start with ${prefix}; copy it from ${where}` });

/** The environment as it is written. Messages never repeat a value: it may be a secret. */
export const settings = z.object({
  SLACK_BOT_TOKEN: optional(prefixed('xoxb-', 'OAuth & Permissions of your Slack app')),
  SLACK_CLIENT_ID: optional(
    z
      .string()
      .regex(/^[\w.-]{3,64}$/, { error: 'copy it from Basic Information of your Slack app' }),
  ),
  SLACK_CLIENT_SECRET: optional(
    z.string().min(16, { error: 'copy it from Basic Information of your Slack app' }),
  ),
  SLACK_APP_TOKEN: optional(prefixed('xapp-', 'Basic Information, App-Level Tokens')),
  SLACK_SIGNING_SECRET: optional(
    z.string().min(16, { error: 'copy it from Basic Information of your Slack app' }),
  ),
  SLACK_MODE: optional(z.enum(['socket', 'http'], { error: 'write socket or http' })),
  SLACK_API_URL: optional(url('it')),
  SLACK_EDITS_PER_MINUTE: optional(
    z
      .string()
      .regex(/^[1-9]\d{0,5}$/, { error: 'write how many edits Slack grants your app a minute' })
      .transform(Number),
  ),
  DATABASE_URL: optional(
    z.string().regex(/^postgres(ql)?:\/\//, { error: 'write postgres://user:password@host/name' }),
  ),
  PORT: optional(port),
  HOST: optional(z.string()),
  METRICS_PORT: optional(port),
  METRICS_HOST: optional(z.string()),
  PUBLIC_URL: optional(url('the address that others reach this service at')),
  BREAKGLASS_POLICY: optional(z.string()),
  BREAKGLASS_DATA_DIR: optional(z.string()),
  BREAKGLASS_KEK: optional(z.string()),
  BREAKGLASS_KEY_ROTATION_EVERY: optional(
    z
      .string()
      .regex(DURATION, { error: 'write a duration such as 90d' })
      .transform(durationMs)
      .refine((ms) => ms >= DAY_MS, { error: 'write 1d or more' }),
  ),
  BREAKGLASS_PAGE_URL: optional(url('the address that takes pages')),
  BREAKGLASS_PAGE_SECRET: optional(prefixed('whsec_', 'the receiver of the pages')),
  BREAKGLASS_PAGE_PRIVATE: optional(z.enum(['yes', 'no'], { error: 'write yes or no' })),
  BREAKGLASS_PAGE_MAIL: optional(z.string()),
  PAGERDUTY_API_TOKEN: optional(z.string()),
  PAGERDUTY_API_URL: optional(z.string()),
  PAGERDUTY_ROUTING_KEY: optional(z.string()),
  PAGERDUTY_EVENTS_URL: optional(z.string()),
  BREAKGLASS_CALLERS_PRIVATE: optional(z.enum(['yes', 'no'], { error: 'write yes or no' })),
  BREAKGLASS_PROVENANCE_PRIVATE: optional(z.enum(['yes', 'no'], { error: 'write yes or no' })),
  BREAKGLASS_WEBHOOK_PRIVATE: optional(z.enum(['yes', 'no'], { error: 'write yes or no' })),
  BREAKGLASS_CHECKPOINT_EVERY: optional(
    z
      .string()
      .regex(DURATION, { error: 'write a duration such as 24h, 90m or 7d' })
      .transform(durationMs)
      .refine((ms) => ms >= MINUTE_MS, { error: 'write 1m or more' }),
  ),
  BREAKGLASS_MAIL_URL: optional(
    z
      .url({
        protocol: /^smtps?$/,
        error: 'write smtps://user:password@host or smtp://user:password@host:587',
      })
      .refine(isWellEscaped, { error: 'write a % in user or password as %25' }),
  ),
  BREAKGLASS_MAIL_FROM: optional(address),
  BREAKGLASS_MAIL_TO: optional(
    z
      .string()
      .transform((text) => text.split(',').map((one) => one.trim()))
      .refine((all) => all.length <= 20 && all.every((one) => ADDRESS.test(one)), {
        error: ADDRESS_REMEDY,
      }),
  ),
  BREAKGLASS_MAIL_PLAIN: optional(z.enum(['yes', 'no'], { error: 'write yes or no' })),
  BREAKGLASS_WITNESSES: optional(z.string()),
  BREAKGLASS_WITNESS_PRIVATE: optional(z.enum(['yes', 'no'], { error: 'write yes or no' })),
  BREAKGLASS_EMBEDDED_SIGSTORE: optional(
    z.literal('evaluation', { error: 'write evaluation, or leave it out' }),
  ),
  BREAKGLASS_PROXIES: optional(
    z
      .string()
      .regex(/^\d$/, { error: 'write how many proxies are in front of this service, 0 to 9' })
      .transform(Number),
  ),
  SIGSTORE_PLAIN: optional(z.enum(['yes', 'no'], { error: 'write yes or no' })),
  FULCIO_URL: optional(url('it')),
  REKOR_URL: optional(url('it')),
  TSA_URL: optional(url('it')),
  REKOR_VERSION: optional(rekorVersion),
  WORKLOAD_TOKEN: optional(
    z.string().regex(/^(?:github-actions|file:.+)$/, {
      error: 'write file:/path/of/the/token, or github-actions',
    }),
  ),
  WORKLOAD_AUDIENCE: optional(z.string()),
  WORKLOAD_FULCIO_URL: optional(z.union([z.literal('public-good'), url('it')])),
  WORKLOAD_REKOR_URL: optional(url('it')),
  WORKLOAD_REKOR_VERSION: optional(rekorVersion),
  WORKLOAD_TSA_URL: optional(url('it')),
  BREAKGLASS_PROVISIONAL_ALARM: optional(
    z
      .string()
      .regex(DURATION, { error: 'write a duration such as 1h or 30m' })
      .transform(durationMs),
  ),
  SIGSTORE_TRUSTED_ROOT: optional(z.string()),
  SIGN_IN_ISSUER: optional(url('the issuer of your identity provider, letter by letter,')),
  SIGN_IN_CLIENT_ID: optional(z.string()),
  SIGN_IN_CLIENT_SECRET: optional(z.string()),
  SIGN_IN_OWN_KEY_CLIENT_ID: optional(z.string()),
  SIGN_IN_AUDIENCE: optional(z.string()),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(url('the address of your OTLP receiver')),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: optional(url('the address of your OTLP receiver')),
  OTEL_SDK_DISABLED: optional(z.string()),
  OTEL_SERVICE_NAME: optional(z.string()),
  OTEL_TRACES_SAMPLER: optional(
    z.enum(TRACING_SAMPLERS, { error: `write one of ${TRACING_SAMPLERS.join(', ')}` }),
  ),
  OTEL_TRACES_SAMPLER_ARG: optional(
    z
      .string()
      .regex(/^(?:0(?:\.\d+)?|1(?:\.0+)?)$/, { error: 'write a number from 0 to 1' })
      .transform(Number),
  ),
  LOG_LEVEL: optional(
    z.enum(['debug', 'info', 'warn', 'error'], { error: 'write debug, info, warn or error' }),
  ),
});

export type Settings = z.infer<typeof settings>;
