import { z } from 'zod';
import type { JsonValue } from '#ledger/canonical-json';
import { NotApproved } from './not-approved.ts';
import { printable } from '../printable.ts';

const address = z.url({ protocol: /^https?$/ });

/** What the service sends to be signed, and says about it. */
const preparedBody = z.object({
  format: z.literal('breakglass-approval/v1'),
  statement: z.base64().max(64 * 1024),
  said: z.object({
    gateDescription: z.string(),
    requester: z.string(),
    justification: z.string().nullable(),
    incident: z.string().nullable(),
    drill: z.boolean(),
    evaluation: z.boolean(),
  }),
  approver: z.object({
    name: z.string(),
    bound: z.object({ email: z.string(), subject: z.string() }).nullable(),
    mustBeEmail: z.string().nullable(),
  }),
  pressedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  provider: z.object({ issuer: address, client: z.string().min(1) }),
  sigstore: z.object({
    fulcioUrl: address,
    tsaUrl: address.nullable(),
    rekorUrl: address.nullable(),
    rekorVersion: z.literal([1, 2]),
  }),
});

const completedBody = z.object({
  activated: z.boolean(),
  expiresAt: z.iso.datetime().nullable(),
  receipt: z.object({ index: z.int(), size: z.int(), root: z.string() }),
});

const problemBody = z.object({ title: z.string(), detail: z.string(), code: z.string() });

export type Prepared = z.infer<typeof preparedBody>;
export type CompletedApproval = z.infer<typeof completedBody>;

/** The service, as `breakglass approve` asks it about one link. */
export interface ApprovalApi {
  prepared(): Promise<Prepared>;
  /** Has the provider's keys recorded, before anybody signs in. */
  recordKeys(): Promise<void>;
  handIn(handedIn: {
    readonly bundle: JsonValue;
    readonly idToken: string;
    readonly bind: boolean;
  }): Promise<CompletedApproval>;
}

const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 256 * 1024;

/** @throws NotApproved from each of its calls. */
export function approvalApi(link: URL): ApprovalApi {
  const at = (name: string): string => `${link.href}/${name}`;
  return {
    prepared: async () => read(preparedBody, await ask(at('approval'))),
    async recordKeys() {
      await ask(at('keys'), {});
    },
    handIn: async (handedIn) => read(completedBody, await ask(at('approval'), handedIn)),
  };
}

async function ask(url: string, body?: object): Promise<unknown> {
  const answer = await exchange(url, body);
  const json = parseJson(answer.text);
  if (answer.status === 200) return json;
  const problem = problemBody.safeParse(json);
  if (!problem.success) throw unreadable(`it answered with HTTP ${answer.status}`);
  const { title, detail } = problem.data;
  throw new NotApproved('service-refused', `${printable(title)}. ${printable(detail)}`);
}

async function exchange(url: string, body?: object): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, {
      // The link is a secret, and goes to its own address alone.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
    });
    return { status: response.status, text: await readUpTo(response) };
  } catch (error) {
    if (error instanceof NotApproved) throw error;
    const host = new URL(url).host;
    throw new NotApproved('service-unavailable', `${host} does not answer. Try again.`, error);
  }
}

async function readUpTo(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > MAX_ANSWER_BYTES) throw unreadable('its answer is too large');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function read<T>(shape: z.ZodType<T>, value: unknown): T {
  const parsed = shape.safeParse(value);
  if (!parsed.success) throw unreadable('its answer is of another version');
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whatever shape is expected, undefined has it not.
    return undefined;
  }
}

const unreadable = (why: string): NotApproved =>
  new NotApproved(
    'service-unavailable',
    `What stands at this address does not speak as Break-glass does: ${why}.`,
  );
