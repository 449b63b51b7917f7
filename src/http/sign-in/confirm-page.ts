import type { PreparedApproval, VerifiedSignIn } from '#application/ports/sign-in';
import { page } from './document.ts';
import { html } from './html.ts';
import { BESIDE } from './paths.ts';
import { requestView } from './request-view.ts';

/**
 * Asks a person whose account is not bound yet whether the account in Slack and the one that just
 * signed in are both theirs. Whoever was lured here with another person's link sees another name.
 */
export function confirmPage(
  handle: string,
  prepared: PreparedApproval,
  signIn: VerifiedSignIn,
): Response {
  const { approver } = prepared;
  const title = 'Are these both you?';
  const body = html`<h1>${title}</h1>
    <p>You sign in here for the first time. From now on these two belong together:</p>
    <dl class="accounts">
      <div>
        <dt>In Slack</dt>
        <dd>
          <strong><bdi>${approver.name}</bdi></strong> <code>${approver.account.user}</code>
        </dd>
      </div>
      <div>
        <dt>At ${new URL(signIn.issuer).host}</dt>
        <dd>
          <strong><bdi>${signIn.email ?? 'no address'}</bdi></strong> <code>${signIn.subject}</code>
        </dd>
      </div>
    </dl>
    <p>
      If you confirm, this is recorded in the audit log, only an operator can undo it, and your
      approval below is given at once.
    </p>
    <form method="post" action="${BESIDE.confirm}">
      <input type="hidden" name="handle" value="${handle}" />
      <button name="answer" value="mine">These are both mine: approve</button>
      <button class="other" name="answer" value="no">No</button>
    </form>
    <p class="soft">Somebody else sent you this link? Press No, and tell your security team.</p>
    <h2>What you approve</h2>
    ${requestView(prepared)}`;
  return page({ title, body });
}
