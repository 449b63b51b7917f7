import { verify } from '@octokit/webhooks-methods';

/**
 * Is `body` signed with one of the secrets (`X-Hub-Signature-256`, HMAC-SHA256 over the bytes, compared
 * in constant time)? Two secrets while one follows the other. A body that is no UTF-8 is not GitHub's.
 * @see https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
export async function isSigned(
  secrets: readonly string[],
  body: string,
  signature: string | null,
): Promise<boolean> {
  if (signature === null || !/^sha256=[0-9a-f]{64}$/.test(signature) || body === '') return false;
  let signed = false;
  for (const secret of secrets) signed = (await verify(secret, body, signature)) || signed;
  return signed;
}
