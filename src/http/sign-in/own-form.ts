import { readBody } from '../read-body.ts';

const MAX_FORM_BYTES = 4 * 1024;
const FORM_TIMEOUT_MS = 10_000;

/**
 * Whether one of our own pages sent this form. Current browsers say so themselves (Fetch Metadata,
 * `Sec-Fetch-Site`); others name the page's origin. Whoever says neither is refused.
 */
export function isOwnForm(request: Request, publicUrl: string): boolean {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return false;
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin';
  return request.headers.get('origin') === new URL(publicUrl).origin;
}

/** The fields of a small form; `null` if it is too large. */
export async function formFields(
  request: Request,
  maxBytes: number = MAX_FORM_BYTES,
): Promise<URLSearchParams | null> {
  const body = await readBody(request, maxBytes, AbortSignal.timeout(FORM_TIMEOUT_MS));
  return typeof body === 'string' ? new URLSearchParams(body) : null;
}
