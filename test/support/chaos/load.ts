import { CannotAct } from '#workspace/driver/cannot-act';
import type { Workspace } from '#workspace/workspace';
import { GATE, INCIDENTS, PEOPLE } from '../service/acme.ts';
import type { Observed } from './observed.ts';
import type { Random } from './random.ts';

type Part = keyof typeof PEOPLE;
type Act = (workspace: Workspace, observed: Observed, random: Random) => Promise<void>;

/** As long as anybody waits for a form before doing something else. */
const PATIENCE_MS = 5_000;

const REQUESTS = [
  'checkout staging 10s INC-1',
  'checkout staging 15m INC-1',
  'checkout staging 15m INC-1',
  'checkout production 10s INC-2',
  'checkout production 15m INC-2',
  'ledger-db production 10s INC-3',
] as const;

const APPROVALS: readonly [Act, ...Act[]] = [
  press('peer', 'bypass_approve'),
  press('release1', 'bypass_approve'),
  press('release2', 'bypass_approve'),
  press('senior', 'bypass_approve'),
];

/** What a company's people do in a night of incidents, each as often as it stands here. */
const ACTS: readonly [Act, ...Act[]] = [
  ask(''),
  ask(''),
  ask('drill '),
  press('onCall', 'bypass_close'),
  press('onCall', 'bypass_withdraw'),
  pressAndFill('onCall', 'bypass_extend', { ttl: '15 min', reason: 'It is still down.' }),
  pressAndFill('peer', 'bypass_deny', { reason: 'Use the rollback pipeline.' }),
  pressAndFill('senior', 'bypass_revoke', { reason: 'The wrong image went out.' }),
  pressAndFill('onCall', 'post_mortem_complete', {
    verdict: 'avoidable',
    reason: 'Sign rollback images when they are built.',
  }),
];

/** One thing that somebody does; whether it came to anything is the record's to say. */
export const act: Act = (workspace, observed, random) =>
  unlessGone(() => random.of(ACTS)(workspace, observed, random));

/** One press of Approve, by one of those who are woken for it. */
export const approve: Act = (workspace, observed, random) =>
  unlessGone(() => random.of(APPROVALS)(workspace, observed, random));

/** What was on the screen may have changed meanwhile, as it does for people. */
async function unlessGone(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof CannotAct)) throw error;
  }
}

/** The requester ends the newest that is open, and takes back the newest that waits. */
export async function endNewest(workspace: Workspace, observed: Observed): Promise<void> {
  for (const button of ['bypass_close', 'bypass_withdraw'])
    await unlessGone(async () => {
      await pressNewest(workspace, observed, PEOPLE.onCall, button);
    });
}

function ask(kind: '' | 'drill '): Act {
  return async (workspace, observed, random) => {
    const person = workspace.as(PEOPLE.onCall);
    const command = `${kind}${GATE} ${random.of(REQUESTS)}`;
    const typed = await person.command('/breakglass', command, INCIDENTS);
    if (!typed.ok) return observed.maybe({ what: 'a command', why: typed.error });
    await sendForm(workspace, observed, PEOPLE.onCall, {
      justification: 'Checkout is down, the rollback image is unsigned.',
    });
  };
}

function press(part: Part, button: string): Act {
  return async (workspace, observed) => {
    await pressNewest(workspace, observed, PEOPLE[part], button);
  };
}

function pressAndFill(part: Part, button: string, values: Record<string, string>): Act {
  return async (workspace, observed) => {
    const isPressed = await pressNewest(workspace, observed, PEOPLE[part], button);
    if (isPressed) await sendForm(workspace, observed, PEOPLE[part], values);
  };
}

/** The newest button of its kind that the person sees; `false` where there is none, or no answer. */
async function pressNewest(
  workspace: Workspace,
  observed: Observed,
  person: string,
  button: string,
): Promise<boolean> {
  const sees = workspace.as(person);
  const all = [...sees.messages(INCIDENTS), ...sees.inbox()];
  const newest = all
    .filter((message) => JSON.stringify(message.blocks ?? []).includes(`"${button}"`))
    .toSorted((one, other) => Number(other.ts) - Number(one.ts))[0];
  if (newest === undefined) return false;
  const pressed = await sees.press(newest, button);
  if (!pressed.ok) observed.maybe({ what: button, why: pressed.shown });
  return pressed.ok;
}

async function sendForm(
  workspace: Workspace,
  observed: Observed,
  person: string,
  values: Record<string, string>,
): Promise<void> {
  const sees = workspace.as(person);
  const isForm = (view: object): boolean => JSON.stringify(view).includes('"input"');
  const form = await workspace
    .waitForView(person, isForm, { timeoutMs: PATIENCE_MS })
    .catch(() => null);
  try {
    if (form !== null) {
      sees.fillView(values);
      const sent = await sees.submitView();
      if (!('closed' in sent)) observed.maybe({ what: 'a form', why: Object.keys(sent).join(' ') });
    }
  } finally {
    // The next form is not to be taken for this one.
    while (sees.openView() !== undefined) await sees.closeView();
  }
}
