import type { Chain } from '#domain/bypass/chain';
import { own } from '#workspace/own';
import type { Workspace } from '#workspace/workspace';
import { asking, completeReview, DemoFailed, openForm, pressAbout, sendForm } from '../acts.ts';
import type { CiRunner } from '../ci/ci-runner.ts';
import { PIPELINES } from '../ci/pipelines.ts';
import { BOT, PEOPLE } from '../company.ts';
import type { Audits } from '../page/audits.ts';
import type { ClockMover } from '../page/clock-mover.ts';
import type { Book } from '../page/log-book.ts';
import type { TourView } from '../wire.ts';
import { formWatch } from './form-watch.ts';
import {
  AUDIT_STEPS,
  COMMAND,
  INCIDENT,
  INCIDENT_STEPS,
  isOfIncident,
  OUTCOME,
  type TourFacts,
} from './tour-steps.ts';

export interface Tour {
  /** Where the visitor stands, from the state of everything as it is. */
  view(book: Book, chains: readonly Chain[]): TourView;
  /** What happened so far counts no more. */
  restart(book: Book): void;
  /**
   * Does a step as the people of the demo would. `false` for a step that there is not.
   * @throws DemoFailed, CannotAct, WaitTimedOut where it cannot be done now.
   */
  act(step: string, book: Book, chains: readonly Chain[]): Promise<boolean>;
}

export interface TourWorld {
  readonly workspace: Workspace;
  readonly ci: CiRunner;
  readonly audits: Audits;
  readonly clock: ClockMover;
}

/** Where a tour began: what is older belongs to the one before. */
interface Begin {
  readonly index: number;
  readonly jobs: number;
  readonly audits: number;
}

export function tour(world: TourWorld): Tour {
  const { workspace, ci, audits } = world;
  let begin: Begin = { index: 0, jobs: 0, audits: 0 };
  const form = formWatch(() => workspace.as(PEOPLE.onCall.id).openView() !== undefined, Date.now);

  const factsOf = (book: Book, chains: readonly Chain[]): TourFacts => ({
    chain: incidentOf(book, chains, begin.index),
    ...form(),
    jobs: ci.jobs().slice(0, ci.jobs().length - begin.jobs),
    audits: audits.all().slice(begin.audits),
    directOf: (user) =>
      workspace
        .channels()
        .find(
          ({ kind, members }) => kind === 'im' && members.includes(user) && members.includes(BOT),
        )?.id,
  });

  return {
    view: (book, chains) => viewOf(factsOf(book, chains)),
    restart(book) {
      begin = { index: book.size, jobs: ci.jobs().length, audits: audits.all().length };
    },
    async act(step, book, chains) {
      const act = own(ACTS, step);
      if (act === undefined) return false;
      await act(world, factsOf(book, chains));
      return true;
    },
  };
}

function viewOf(facts: TourFacts): TourView {
  const reached = INCIDENT_STEPS.findLastIndex((step) => step.isDone(facts));
  const isDone = [
    ...INCIDENT_STEPS.map((_, index) => index <= reached),
    ...AUDIT_STEPS.map((step) => step.isDone(facts)),
  ];
  const steps = [...INCIDENT_STEPS, ...AUDIT_STEPS].map((step, index) => {
    const { id, title, todo, happened, act } = step;
    return { id, title, todo, happened, act, done: isDone[index] ?? false, go: step.go(facts) };
  });
  const current = steps.findIndex((step) => !step.done);
  return { steps, current: current === -1 ? steps.length : current };
}

/** The tour's newest request that opened the gate or still may. */
function incidentOf({ entries }: Book, chains: readonly Chain[], fromIndex: number): Chain | null {
  const asked = entries.flatMap(({ index, event }) =>
    index >= fromIndex && event.type === 'request.opened' && !event.drill ? [event.chain] : [],
  );
  const found = chains.findLast(
    ({ id, bypasses }) =>
      asked.includes(id) &&
      bypasses.some(({ phase, request: { gate, scope } }) => {
        const alive = phase === 'waiting' || phase === 'active' || phase === 'closed';
        return alive && isOfIncident({ gate, ...scope });
      }),
  );
  return found ?? null;
}

type Act = (world: TourWorld, facts: TourFacts) => Promise<unknown>;

const deployOf =
  (which: 0 | 1): Act =>
  ({ ci }) => {
    const pipeline = PIPELINES.find(isOfIncident);
    const artifact = pipeline?.artifacts[which];
    if (pipeline === undefined || artifact === undefined)
      throw new RangeError(`no pipeline ships ${INCIDENT.service}`);
    return ci.start({ pipeline, artifact, branch: 'main' });
  };

const deploy = deployOf(0);

const ask: Act = ({ workspace }) => openForm(workspace, PEOPLE.onCall.id, COMMAND);

/** Whoever of the two has not yet, in the order in which the tour names them. */
const approve: Act = async ({ workspace }, facts) => {
  const bypass = bypassOf(facts);
  const both = [PEOPLE.release1.id, PEOPLE.release2.id];
  const next = both.find((user) => asking(workspace, user, 'Approve', bypass) !== undefined);
  await pressAbout(workspace, next ?? PEOPLE.release1.id, 'Approve', bypass);
};

const ACTS: Readonly<Record<string, Act>> = {
  stopped: deploy,
  ask,
  async send(world, facts) {
    if (!facts.formOpen) await ask(world, facts);
    await sendForm(world.workspace, PEOPLE.onCall.id);
  },
  'approve-1': approve,
  'approve-2': approve,
  pass: deploy,
  finish({ ci }, { jobs }) {
    const running = jobs.find((job) => isOfIncident(job) && job.status === 'in-flight');
    if (running === undefined) throw new DemoFailed('No deploy of this incident is running.');
    return ci.finish(running.id);
  },
  async snap(world, facts) {
    const isRunning = facts.jobs.some((job) => isOfIncident(job) && job.status === 'in-flight');
    if (!isRunning) await deployOf(1)(world, facts);
    await world.clock.move('expiry');
  },
  review: ({ workspace }, facts) =>
    completeReview(workspace, PEOPLE.onCall.id, bypassOf(facts), OUTCOME),
  verify: ({ audits }) => audits.verify(),
  tamper: ({ audits }) => audits.tamper('ttl'),
};

function bypassOf({ chain }: TourFacts): string {
  return chain?.bypasses.at(-1)?.request.id ?? '';
}
