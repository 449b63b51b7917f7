import {
  allowInsecureRequests,
  clockTolerance,
  customFetch,
  discovery,
  None,
  ClientSecretPost,
  type Configuration,
} from 'openid-client';
import { isSafeAddress } from '../safe-address.ts';
import { askProvider, PROVIDER_TIMEOUT_MS } from './ask-provider.ts';
import { failureOf } from './failure-of.ts';
import { SignInFailed } from './sign-in-failed.ts';

/** A client that is registered at a provider. `secret` is null for a public client. */
export interface ProviderClient {
  /** Letter by letter as the provider writes it into its tokens. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
}

/** A provider whose discovery document was read and found usable. */
export interface DiscoveredProvider {
  readonly configuration: Configuration;
  readonly authorizationEndpoint: URL;
  readonly jwksUri: URL;
  readonly algorithms: readonly string[];
}

// The library judges by this replica's clock, which may be wrong; we judge after it, by the
// database's.
const LIBRARY_TOLERANCE_S = 15 * 60;

/**
 * Reads a provider's discovery document (OpenID Connect Discovery 1.0 §4).
 * @throws SignInFailed with «provider-unavailable» or «provider-unusable».
 */
export async function discoverProvider(client: ProviderClient): Promise<DiscoveredProvider> {
  const { issuer, clientId, clientSecret } = client;
  const url = issuerUrl(issuer);
  const auth = clientSecret === null ? None() : ClientSecretPost(clientSecret);
  let configuration: Configuration;
  try {
    configuration = await discovery(
      url,
      clientId,
      { [clockTolerance]: LIBRARY_TOLERANCE_S },
      auth,
      {
        [customFetch]: askProvider,
        timeout: PROVIDER_TIMEOUT_MS / 1000,
        ...(url.protocol === 'http:' ? { execute: [allowInsecureRequests] } : {}),
      },
    );
  } catch (error) {
    throw failureOf(error);
  }
  const metadata = configuration.serverMetadata();
  // The library compares the two as addresses, which takes `https://a` and `https://a/` for one.
  if (metadata.issuer !== issuer) throw unusable('it calls itself by another name');
  return {
    configuration,
    authorizationEndpoint: endpoint(metadata.authorization_endpoint, url.protocol),
    jwksUri: endpoint(metadata.jwks_uri, url.protocol),
    algorithms: signingAlgorithms(metadata['id_token_signing_alg_values_supported']),
  };
}

function issuerUrl(issuer: string): URL {
  const url = URL.parse(issuer);
  if (url === null || !isSafeAddress(url)) throw unusable('its address is not https');
  return url;
}

/** The library says that an address is a text, and hands on whatever stands there. */
function endpoint(address: unknown, protocol: string): URL {
  const url = URL.parse(typeof address === 'string' ? address : '');
  if (url === null || (url.protocol !== 'https:' && url.protocol !== protocol)) {
    throw unusable('its document lacks an address');
  }
  return url;
}

function signingAlgorithms(supported: unknown): readonly string[] {
  if (!Array.isArray(supported)) throw unusable('it does not say what it signs with');
  return supported.filter((one) => typeof one === 'string');
}

const unusable = (said: string): SignInFailed => new SignInFailed('provider-unusable', said);
