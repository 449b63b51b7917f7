import { UsageError } from '../report-failure.ts';

/** The address in a message: the service's, `/sign-in/`, and 32 bytes in base64url. */
const PATH = /\/sign-in\/[A-Za-z0-9_-]{43}$/;

/** Reads the link. @throws UsageError unless it is one that may be asked safely. */
export function approvalLink(text: string): URL {
  const url = URL.parse(text.trim());
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal);
  if (url === null || !isSafe || !PATH.test(url.pathname) || url.search !== '') {
    throw new UsageError(
      'That is no link to an approval. Copy the whole address from your Slack message: https://…/sign-in/…',
    );
  }
  return url;
}
