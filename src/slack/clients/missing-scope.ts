import { WebAPIPlatformError } from '@slack/web-api';

/** The scope that Slack refused a call for; `null` for any other failure. */
export function missingScope(error: unknown): string | null {
  if (!(error instanceof WebAPIPlatformError) || error.data.error !== 'missing_scope') return null;
  const { data } = error;
  return 'needed' in data && typeof data.needed === 'string' ? data.needed : 'of this method';
}

/** For the log of whoever runs the service. */
export const missingScopeWords = (method: string, scope: string): string =>
  `Slack refuses ${method}: the app was installed without the scope ${scope}. Add it as in manifest.yml, and install the app again.`;
