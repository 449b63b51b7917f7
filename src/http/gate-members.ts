import { z } from 'zod';
import type { Mistake } from './question-mistakes.ts';

/** A question as tools write it: names and texts, all on one level. */
export type Members = ReadonlyMap<string, string>;

export interface Asked {
  readonly members: Members;
  /** The phase of the canary, if Flagger asks; `null` for every other tool. */
  readonly canaryPhase: string | null;
}

export interface Mistaken {
  readonly mistakes: readonly Mistake[];
}

const MOST_SHOWN = 100;

// Flagger's payload. It grows with Flagger's versions, and what it says of the canary is no scope:
// only `metadata`, which people write, holds members of the question.
const flagger = z.looseObject({
  name: z.string(),
  namespace: z.string(),
  phase: z.string(),
  metadata: z.record(z.string(), z.string()).nullish(),
});

/**
 * The members of a question from the query and the body together: a form, a JSON object, or the
 * payload of Flagger's webhooks. One that is named twice is a mistake, even with the same value:
 * whoever reads the tool's settings must not have to know which one counts.
 */
export function readMembers(
  query: URLSearchParams,
  mediaType: string,
  body: string,
): Asked | Mistaken {
  const read = body === '' ? NO_BODY : readBodyOf(mediaType, body);
  if ('mistakes' in read) return read;
  const members = new Map<string, string>();
  const twice: Mistake[] = [];
  for (const [name, value] of [...query, ...read.pairs]) {
    if (members.has(name)) twice.push(namedTwice(name));
    else members.set(name, value);
  }
  if (twice.length > 0) return { mistakes: twice.slice(0, MOST_SHOWN) };
  return { members, canaryPhase: read.canaryPhase };
}

interface ReadBody {
  readonly pairs: readonly (readonly [string, string])[];
  readonly canaryPhase: string | null;
}

const NO_BODY: ReadBody = { pairs: [], canaryPhase: null };

export const MEDIA_TYPES = ['application/json', 'application/x-www-form-urlencoded'] as const;

function readBodyOf(mediaType: string, body: string): ReadBody | Mistaken {
  if (mediaType === 'application/x-www-form-urlencoded')
    return { pairs: [...new URLSearchParams(body)], canaryPhase: null };
  const json = objectOf(body);
  if (json === null) return wrong('', 'the body is no JSON object', 'an object, or no body at all');
  if ('namespace' in json && 'name' in json) return ofFlagger(json);
  const other = Object.entries(json).find(([, value]) => !isText(value));
  if (other !== undefined)
    return wrong(other[0].slice(0, MOST_SHOWN), 'it is no text', 'a text on the first level');
  return {
    pairs: Object.entries(json).map(([name, value]) => [name, String(value)] as const),
    canaryPhase: null,
  };
}

function ofFlagger(json: object): ReadBody | Mistaken {
  const parsed = flagger.safeParse(json);
  if (!parsed.success)
    return wrong('metadata', 'this is not what Flagger sends', 'texts under `metadata`');
  const { metadata, phase } = parsed.data;
  return { pairs: Object.entries(metadata ?? {}), canaryPhase: phase };
}

function objectOf(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    // The parser's words quote the body, which is the client's; ours say enough.
    return null;
  }
}

const isText = (value: unknown): boolean => typeof value === 'string' || Number.isInteger(value);

const wrong = (path: string, mistake: string, write: string): Mistaken => ({
  mistakes: [{ path, mistake, write }],
});

function namedTwice(name: string): Mistake {
  const path = name.slice(0, MOST_SHOWN);
  return { path, mistake: 'it is named twice', write: 'it once, in the query or in the body' };
}
