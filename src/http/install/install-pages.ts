import type { NewInstallation } from '#application/ports/installs';
import { page } from '../sign-in/document.ts';
import { html } from '../sign-in/html.ts';

/** What an invitation is for. Showing it does nothing: mail scanners and previews open links too. */
export function invitedPage(link: string, name: string): Response {
  const title = `Install Break-glass for ${name}`;
  const body = html`<h1>${title}</h1>
    <p>
      Slack asks you next which workspace it is for, and what the app may do there. Afterwards you
      are asked once more: nothing is bound before.
    </p>
    <form method="post" action="${link}"><button>Go on to Slack</button></form>
    <p class="soft">
      This invitation serves once. You may need the consent of those who manage your workspace.
    </p>`;
  return page({ title, body });
}

/** Sends the browser to Slack, not by a redirect: browsers hold those to `form-action`. */
export function toSlackPage(url: string, cookie: string): Response {
  const body = html`<h1>On to ${new URL(url).host}</h1>
    <p>You choose the workspace there, and come back here.</p>
    <p><a class="button" href="${url}">Go on</a></p>`;
  return page({ title: 'On to Slack', body, goOnTo: url, cookie });
}

/** Asks whether this workspace belongs to that tenant: whoever was lured here sees another name. */
export function confirmPage(handle: string, name: string, given: NewInstallation): Response {
  const isForAll = given.team === null;
  const what = isForAll ? 'organisation' : 'workspace';
  const title = `Does this ${what} belong to ${name}?`;
  const body = html`<h1>${title}</h1>
    <dl class="accounts">
      <div>
        <dt>Slack ${what}</dt>
        <dd>
          <strong><bdi>${given.name}</bdi></strong> <code>${given.team ?? given.enterprise}</code>
        </dd>
      </div>
      <div>
        <dt>Tenant</dt>
        <dd>
          <strong><bdi>${name}</bdi></strong>
        </dd>
      </div>
    </dl>
    <p>
      The people of this ${what} will ask for bypasses of the gates of ${name}, and decide them as
      its policy says. ${isForAll ? 'That is every workspace of the organisation.' : null} It stays
      bound to ${name}.
    </p>
    <form method="post" action="confirm">
      <input type="hidden" name="handle" value="${handle}" />
      <button name="answer" value="yes">Yes, bind it</button>
      <button class="other" name="answer" value="no">No</button>
    </form>
    <p class="soft">
      You did not begin this yourself? Press No, and tell those who run this service.
    </p>`;
  return page({ title, body });
}

export function installedPage(name: string, given: NewInstallation): Response {
  const title = 'Installed';
  const body = html`<h1>Break-glass is installed for ${name}</h1>
    <p>
      In <strong><bdi>${given.name}</bdi></strong> people can type <code>/breakglass</code>.
    </p>
    <p>
      If ${name} has no policy yet, whoever runs this service applies one:
      <code>breakglass policy apply --tenant ${name} policy.yaml</code>
    </p>`;
  return page({ title, body });
}

export interface NotInstalled {
  readonly title: string;
  readonly text: string;
  readonly status: number;
}

export const NOT_INSTALLED = {
  over: {
    title: 'This invitation is over',
    text: 'It serves once, for 24 hours. Ask those who run this service for a new one.',
    status: 410,
  },
  attempt: {
    title: 'This took too long, or was done before',
    text: 'Nothing was bound just now. Open your invitation again to begin anew.',
    status: 410,
  },
  browser: {
    title: 'You came back in another browser',
    text: 'Nothing was bound. Begin and end in the same one, with cookies allowed.',
    status: 409,
  },
  form: {
    title: 'This did not come from our page',
    text: 'Nothing was bound. Open your invitation again, and press the button there.',
    status: 403,
  },
  declined: {
    title: 'Nothing was bound',
    text: 'The app is taken out again within minutes. If you did not begin this yourself, tell those who run this service.',
    status: 200,
  },
  refused: {
    title: 'Slack did not install it',
    text: 'Nothing was bound. Open your invitation again; if it goes on, tell those who run this service.',
    status: 409,
  },
  taken: {
    title: 'It belongs to somebody else here',
    text: 'This workspace is bound to another tenant of this service, and is never moved. Nothing was changed.',
    status: 409,
  },
  scopes: {
    title: 'The app was not given what it needs',
    text: 'Nothing was bound: without all of its required permissions it cannot work. Open your invitation again.',
    status: 409,
  },
  often: {
    title: 'That was too often',
    text: 'Nothing was bound. Wait a minute, then try again.',
    status: 429,
  },
  fault: {
    title: 'Something went wrong here',
    text: 'Open your invitation again; if it goes on, tell those who run this service.',
    status: 500,
  },
} as const satisfies Record<string, NotInstalled>;

export function notInstalledPage({ title, text, status }: NotInstalled): Response {
  const body = html`<h1>${title}</h1>
    <p>${text}</p>`;
  return page({ title, body, status });
}
