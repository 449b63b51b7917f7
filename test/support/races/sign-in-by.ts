import type { Ports } from '#application/ports/ports';
import type { Digest } from '#ledger/digest';
import { SignInEdge } from '#test/support/application/sign-in-edge';
import type { TestProvider } from '#test/support/application/test-provider';
import type { Actor } from './interleaving.ts';

/** A link that led to an approval more than once. */
class CompletedTwice extends Error {
  override name = 'CompletedTwice';
}

/**
 * Somebody opens their link, binds their account if they have none, signs in, and hands that in once
 * or twice; before that they stop, for as long as the history wants. A refusal ends it, as a page does.
 */
export async function signInBy(
  actor: Actor,
  ports: Ports,
  provider: TestProvider,
  { link, twice }: { readonly link: string; readonly twice: boolean },
): Promise<void> {
  const edge = new SignInEdge({ ports }, provider);
  const { signIns } = edge;
  const shown = await signIns.show(link);
  if ('refused' in shown) return;
  if (shown.approver.binding === null) {
    const { signIn } = edge.handIn(shown, 'sha256:' as Digest);
    if ('refused' in (await signIns.bind(link, signIn))) return;
  }
  const relied = await signIns.relyOn(link, provider.jwks());
  if ('refused' in relied) return;
  const handedIn = edge.handIn(shown, relied.entry);
  await actor.reach('before handing in');
  const first = await signIns.complete(link, handedIn);
  if (!twice) return;
  const second = await signIns.complete(link, handedIn);
  if ('completed' in first && 'completed' in second) throw new CompletedTwice(shown.bypass);
}
