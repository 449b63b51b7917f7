import type { Message } from '#workspace/workspace';
import { askGate, type Heard } from '../ci/ask.ts';
import type { AskedDeploy } from '../ci/asked-deploy.ts';
import { DemoFailed, openForm, sendForm } from './acts.ts';
import { imageDigest } from './ci/image-digest.ts';
import { PEOPLE, type Part } from './company.ts';
import { isDirect, isInChannel, isInThread, refOf, type Stage } from './stage.ts';
import type { Demo } from './start-demo.ts';

/** One production incident of the demo. */
interface Incident {
  readonly title: string;
  readonly command: string;
  readonly justification: string;
  readonly approvers: readonly Part[];
  readonly assignee: Part;
  /** What the review comes to. */
  readonly outcome: string;
  readonly deploy: AskedDeploy;
  /** Who presses without being allowed to, and is told so. */
  readonly refused: Part | null;
}

const FOLLOW_UP = 'Try a rollback each month, with the gate in its way.';

const INCIDENTS_PLAYED: readonly Incident[] = [
  {
    title: 'low: staging of checkout, one peer approves',
    command: 'image-policy checkout staging 10s INC-4310',
    justification: 'The staging image is unsigned and the incident rehearsal is blocked.',
    approvers: ['engineer'],
    assignee: 'onCall',
    outcome: 'Sign images of staging and rollbacks when they are built.',
    refused: null,
    deploy: {
      gate: 'image-policy',
      service: 'checkout',
      environment: 'staging',
      artifact: { name: 'checkout', digest: imageDigest('hotfix-40') },
      deploy: { id: 'run-1001', attempt: 1 },
    },
  },
  {
    title: 'high: production of checkout, two of the release group approve',
    command: 'image-policy checkout production 10s INC-4312',
    justification: 'Checkout is down, the rollback image is unsigned.',
    approvers: ['release1', 'release2'],
    assignee: 'onCall',
    outcome: 'Sign images of staging and rollbacks when they are built.',
    refused: 'engineer',
    deploy: {
      gate: 'image-policy',
      service: 'checkout',
      environment: 'production',
      artifact: { name: 'checkout', digest: imageDigest('rollback-41') },
      deploy: { id: 'run-1002', attempt: 1 },
    },
  },
  {
    title: 'production-database: the ledger, the named senior, attestation required',
    command: 'migration-review ledger-db production 10s INC-4313',
    justification: 'The ledger is locked by a failed migration.',
    approvers: ['senior'],
    assignee: 'senior',
    outcome: 'Try migrations on a copy of production first.',
    refused: null,
    deploy: {
      gate: 'migration-review',
      service: 'ledger-db',
      environment: 'production',
      artifact: { name: 'ledger-db', digest: imageDigest('migration-118') },
      deploy: { id: 'run-1003', attempt: 1 },
    },
  },
];

/** Plays an incident of each tier from the command to the review. @throws DemoFailed */
export async function playIncidents(demo: Demo, on: Stage): Promise<void> {
  for (const incident of INCIDENTS_PLAYED) await play(demo, on, incident);
}

async function play(demo: Demo, on: Stage, incident: Incident): Promise<void> {
  on.say(`\n━━ Incident of tier ${incident.title} ━━\n`);
  const { gate, service } = incident.deploy;
  const { tenant, tokens, url } = demo.service;
  const token = await tokens.create(tenant, { name: 'demo CI', gate, service });
  const asked = { url, token: () => Promise.resolve(token), now: () => demo.clock.now() };
  const ask = (phase: 'start' | 'recheck') => askGate(asked, incident.deploy, phase);

  expect(on, 'before', await ask('start'), 'enforce');
  const since = on.now();
  await request(demo, on, incident);
  const card = await on.see(
    'engineer',
    '#incidents, as everybody sees it',
    (text, message) => isInChannel(message) && isSince(message, since) && text.includes(service),
  );
  const isCard = (message: Message): boolean =>
    message.channel === card.channel && message.ts === card.ts;
  await approvals(on, incident, since);
  await on.see(
    'engineer',
    '#incidents, the same card',
    (text, message) => isCard(message) && text.includes('is in bypass'),
  );
  if (incident.refused !== null) await refusal(demo, on, incident.refused, card);
  expect(on, 'during', await ask('start'), 'bypass');
  await on.see(
    'engineer',
    '#incidents, the same card',
    (text, message) => isCard(message) && text.includes(incident.deploy.deploy.id),
  );
  on.say('The deploy still runs when the TTL ends. Nobody presses anything.\n');
  await on.see(
    'engineer',
    '#incidents, the same card',
    (text, message) => isCard(message) && text.includes('looked at: it enforces'),
  );
  expect(on, 'after', await ask('recheck'), 'enforce');
  await review(demo, on, incident, card, since);
}

async function request(demo: Demo, on: Stage, incident: Incident): Promise<void> {
  const { id, name } = PEOPLE.onCall;
  const person = on.as('onCall');
  on.say(`${name} types in #incidents: /breakglass ${incident.command}\n`);
  await openForm(demo.workspace, id, incident.command);
  person.fillView({ justification: incident.justification });
  on.showModal('onCall');
  await sendForm(demo.workspace, id);
}

/** Somebody presses what is not theirs to press: they alone are told, and nothing changes. */
async function refusal(demo: Demo, on: Stage, part: Part, card: Message): Promise<void> {
  const { id, name } = PEOPLE[part];
  on.say(`${name}, who did not approve this, presses Revoke on the card.\n`);
  const person = on.as(part);
  const since = on.now();
  await person.press(refOf(card), 'bypass_revoke');
  await demo.workspace.waitForView(id);
  person.fillView({ reason: 'I think this should stop.' });
  await person.submitView();
  await on.see(part, `visible to ${name} alone`, (_, message) => isSince(message, since));
}

async function approvals(on: Stage, incident: Incident, since: number): Promise<void> {
  for (const part of incident.approvers) {
    const { name } = PEOPLE[part];
    const asked = await on.see(
      part,
      `direct message to ${name}`,
      (text, message) => isDirect(message) && isSince(message, since) && text.includes('[Approve]'),
    );
    on.say(`${name} presses Approve. Sigstore signs in their name before the gate opens.\n`);
    const pressed = await on.as(part).press(refOf(asked), 'Approve');
    if (!pressed.ok) throw new DemoFailed(`the press of ${name} was not taken`);
    await on.see(
      part,
      `the same message to ${name}`,
      (text, message) =>
        message.channel === asked.channel && message.ts === asked.ts && !text.includes('[Approve]'),
    );
  }
}

async function review(
  demo: Demo,
  on: Stage,
  { assignee, outcome }: Incident,
  card: Message,
  since: number,
): Promise<void> {
  await on.see(
    'engineer',
    'thread of the card: the post-mortem, filled from the log',
    (_, message) => isInThread(message) && message.thread_ts === card.ts,
  );
  const { id, name } = PEOPLE[assignee];
  const mine = await on.see(
    assignee,
    `direct message to ${name}`,
    (text, message) => isDirect(message) && isSince(message, since) && text.includes('[Complete'),
  );
  const person = on.as(assignee);
  await person.press(refOf(mine), 'post_mortem_complete');
  await demo.workspace.waitForView(id);
  person.fillView({ verdict: 'justified', reason: outcome, follow_ups: FOLLOW_UP });
  on.showModal(assignee);
  await sendForm(demo.workspace, id);
  await on.see(
    assignee,
    `the same message to ${name}`,
    (text, message) =>
      message.ts === mine.ts && message.channel === mine.channel && !text.includes('[Complete'),
  );
}

const isSince = (message: Message, since: number): boolean => Number(message.ts) >= since;

function expect(on: Stage, when: string, heard: Heard, wanted: Heard['decision']): void {
  const entry = heard.entry === null ? '' : `, entry ${heard.entry.slice(0, 19)}…`;
  on.say(`CI asks ${when}: ${heard.decision.toUpperCase()} (${heard.reason}${entry})\n`);
  if (heard.decision !== wanted)
    throw new DemoFailed(`${when} the bypass the gate said ${heard.decision} (${heard.reason})`);
}
