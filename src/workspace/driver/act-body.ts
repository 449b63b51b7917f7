import type { IncomingMessage } from 'node:http';
import { isJsonType } from '../from-here.ts';
import { readBody } from '../http-body.ts';
import { isJsonObject, parseJson, type JsonObject } from '../json.ts';

type ActBody =
  | { readonly fields: JsonObject }
  | { readonly status: 400 | 413 | 415; readonly error: string };

/** The fields that were sent with a request, or why it must not be done: never a part of them. */
export async function actBody(request: IncomingMessage): Promise<ActBody> {
  if (request.method === 'POST' && !isJsonType(request.headers['content-type']))
    return { status: 415, error: 'not_json' };
  const text = await readBody(request);
  if (text === undefined) return { status: 413, error: 'too_large' };
  const fields = text === '' ? {} : parseJson(text);
  return isJsonObject(fields) ? { fields } : { status: 400, error: 'invalid_json' };
}
