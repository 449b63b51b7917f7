import type { ProviderFailure } from '#application/ports/identity-provider';
import { logFailure } from '../sign-in/provider-refused.ts';
import { providerWords } from '../sign-in/provider-words.ts';
import type { DecideOptions } from './options.ts';
import { refusalPage } from './refusal-page.ts';

/** Tells the person in words, and the operator's log by code: settings at a provider go wrong. */
export function providerRefused(
  failure: ProviderFailure,
  link: string,
  { log }: Pick<DecideOptions, 'log'>,
): Response {
  logFailure(failure, log);
  return refusalPage(providerWords(failure.failed), link);
}
