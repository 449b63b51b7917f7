import type { ProviderFailure } from '#application/ports/identity-provider';
import type { SignInOptions } from './options.ts';
import { refusalPage } from './refusal-page.ts';
import { providerWords } from './provider-words.ts';

/** Tells the person in words, and the operator's log by code: settings at a provider go wrong. */
export function providerRefused(
  failure: ProviderFailure,
  link: string,
  { log }: Pick<SignInOptions, 'log'>,
): Response {
  logFailure(failure, log);
  return refusalPage(providerWords(failure.failed), link);
}

export function logFailure({ failed, said }: ProviderFailure, log: SignInOptions['log']): void {
  log.warn({ code: failed, said }, 'a sign-in at the identity provider came to nothing');
}
