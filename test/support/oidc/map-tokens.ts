import { decodeJwt, decodeProtectedHeader, importJWK, SignJWT, type JWK } from 'jose';
import type Provider from 'oidc-provider';

/** The claims of an ID token, whatever they are. */
export type Claims = Readonly<Record<string, unknown>>;

/**
 * Changes the ID tokens of a provider on their way out, as a claim mapper of a large provider does
 * (an audience more, a claim less), and signs them again with its key.
 */
export function mapTokens(provider: Provider, key: JWK, map: (claims: Claims) => Claims): void {
  provider.use(async (context, next) => {
    await next();
    const { body } = context;
    if (typeof body !== 'object' || body === null || !('id_token' in body)) return;
    const { id_token: token } = body;
    if (typeof token !== 'string') return;
    const header = decodeProtectedHeader(token);
    const signed = await new SignJWT({ ...map(decodeJwt(token)) })
      .setProtectedHeader({ alg: 'ES256', kid: header.kid ?? '' })
      .sign(await importJWK(key, 'ES256'));
    context.body = { ...body, id_token: signed };
  });
}
