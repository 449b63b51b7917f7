import { isSafeAddress } from '#sigstore/safe-address';

/** What tokens name as their issuer: https, or http where no network lies in between. */
export function isUsableAddress(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.search !== '' || url.hash !== '') return false;
  if (url.username !== '' || url.password !== '') return false;
  return isSafeAddress(url);
}
