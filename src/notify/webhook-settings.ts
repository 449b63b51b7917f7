import { Webhook } from 'standardwebhooks';

export type WebhookSettingCode =
  | 'url-unreadable'
  | 'https-needed'
  | 'url-with-credentials'
  | 'secret-unreadable'
  | 'secret-length';

const WORDS: Readonly<Record<WebhookSettingCode, string>> = {
  'url-unreadable': 'the webhook address is not an http or https address',
  'https-needed': 'the webhook address must start with https://',
  'url-with-credentials': 'the webhook address must hold no user name or password',
  'secret-unreadable': 'the webhook secret must be "whsec_" and base64, with nothing around it',
  'secret-length': 'the webhook secret must be 24 to 64 bytes, before base64',
};

/** A webhook cannot be set up as it was configured. Shows neither the address nor the secret. */
export class WebhookMisconfigured extends Error {
  override name = 'WebhookMisconfigured';
  readonly code: WebhookSettingCode;
  constructor(code: WebhookSettingCode) {
    super(WORDS[code]);
    this.code = code;
  }
}

/** @throws WebhookMisconfigured. */
export function webhookAddress(text: string, allowPrivate: boolean): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new WebhookMisconfigured('url-unreadable');
  }
  if (url.protocol !== 'https:' && !allowPrivate) throw new WebhookMisconfigured('https-needed');
  if (url.username !== '' || url.password !== '') {
    throw new WebhookMisconfigured('url-with-credentials');
  }
  return url;
}

/**
 * Reads a secret of Standard Webhooks ("Signature scheme": `whsec_` and base64 of 24 to 64 random
 * bytes). @throws WebhookMisconfigured.
 */
export function webhookSigner(secret: string): Webhook {
  const base64 = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  if (base64 === undefined || base64.length % 4 !== 0) {
    throw new WebhookMisconfigured('secret-unreadable');
  }
  const { length } = Buffer.from(base64, 'base64');
  if (length < 24 || length > 64) throw new WebhookMisconfigured('secret-length');
  return new Webhook(secret);
}
