import type { IncomingMessage, ServerResponse } from 'node:http';
import { isJsonObject, parseJson, type JsonObject } from './json.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/** The body as text; undefined past 4 MB, of which nothing is kept then. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to its end all the same: whoever is cut off while sending never reads the answer.
    if (size > MAX_BYTES) chunks.length = 0;
    else chunks.push(chunk);
  }
  if (size > MAX_BYTES) return undefined;
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * The arguments of a call, from a JSON body, a form and the query; undefined if not readable. As in
 * Slack, no token comes by the query, where any link could carry it.
 */
export function readArguments(
  body: string,
  contentType: string | undefined,
  query: URLSearchParams,
): JsonObject | undefined {
  const fromQuery = Object.fromEntries([...query].filter(([name]) => name !== 'token'));
  if (body === '') return fromQuery;
  if (contentType?.startsWith('application/json')) {
    const json = parseJson(body);
    return isJsonObject(json) ? { ...fromQuery, ...json } : undefined;
  }
  return { ...fromQuery, ...Object.fromEntries(new URLSearchParams(body)) };
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

export function sendHtml(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
  response.end(html);
}
