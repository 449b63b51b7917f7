import { askGate, type AskedService, type Heard } from '../../ci/ask.ts';
import type { AskedDeploy } from '../../ci/asked-deploy.ts';
import type { CiJob, CiLine } from '../wire.ts';
import type { Pipeline } from './pipelines.ts';

export interface JobOrder {
  readonly pipeline: Pipeline;
  readonly artifact: Pipeline['artifacts'][number];
  readonly branch: string;
}

export interface CiRunner {
  /** Newest first. */
  jobs(): readonly CiJob[];
  /** Runs the gate's own check and then asks; gives the job once it was stopped or goes on. */
  start(order: JobOrder): Promise<CiJob>;
  /** The deploy is through; `false` if none such is in flight. */
  finish(id: string): Promise<boolean>;
  /** Every deploy in flight asks again now, as it will by itself when its time has come. */
  recheckAll(): Promise<void>;
  stop(): void;
}

export interface CiOptions {
  readonly url: string;
  readonly now: () => number;
  /** A token that may ask about this gate. */
  readonly tokenFor: (gate: string) => Promise<string>;
  /** Called after every change of a job. */
  readonly onChange: () => void;
}

interface Running {
  job: CiJob;
  readonly asked: AskedDeploy;
  readonly service: AskedService;
  timer: NodeJS.Timeout | undefined;
}

/** The demo's CI: jobs that keep the client's rules, ask again in time, and stop when told. */
export function ciRunner({ url, now, tokenFor, onChange }: CiOptions): CiRunner {
  const all: Running[] = [];
  const put = (running: Running, change: Partial<CiJob>, ...lines: readonly Said[]): void => {
    const said = lines.map((line) => ({ ...line, atMs: now() }));
    running.job = { ...running.job, ...change, lines: [...running.job.lines, ...said] };
    onChange();
  };

  const recheckLater = (running: Running, heard: Heard): void => {
    clearTimeout(running.timer);
    running.timer = setTimeout(
      () => void recheck(running),
      Math.max(1, heard.recheckAfterS ?? 1) * 1_000,
    );
  };

  const recheck = async (running: Running): Promise<void> => {
    clearTimeout(running.timer);
    if (running.job.status !== 'in-flight') return;
    const heard = await askGate(running.service, running.asked, 'recheck');
    // Finished by hand while the question was under way.
    if (running.job.status !== 'in-flight') return;
    if (heard.decision === 'bypass') {
      put(running, { rechecks: running.job.rechecks + 1, expiresAt: heard.expiresAt });
      recheckLater(running, heard);
      return;
    }
    put(
      running,
      { status: 'told-enforce', reason: heard.reason, endedAtMs: now() },
      ...toldLines(heard),
    );
    await askGate(running.service, running.asked, 'finish', 'cancelled');
  };

  return {
    jobs: () => all.map(({ job }) => job).toReversed(),
    async start({ pipeline, artifact, branch }) {
      const { gate, service: name, environment } = pipeline;
      const token = await tokenFor(gate);
      const id = `run-${all.length + 1}`;
      const asked: AskedDeploy = {
        gate,
        service: name,
        environment,
        branch,
        artifact: { name, digest: artifact.digest },
        deploy: { id, attempt: 1 },
      };
      const running: Running = {
        job: newJob(id, pipeline, artifact, branch, now()),
        asked,
        service: { url, token: () => Promise.resolve(token), now },
        timer: undefined,
      };
      all.push(running);
      put(running, {}, ...checkLines(pipeline, artifact));
      const heard = await askGate(running.service, asked, 'start');
      if (heard.decision === 'enforce')
        put(
          running,
          { status: 'stopped', endedAtMs: now() },
          ...stoppedLines(pipeline, artifact, heard),
        );
      else {
        put(running, { status: 'in-flight', ...passed(heard) }, ...passedLines(heard));
        recheckLater(running, heard);
      }
      return running.job;
    },
    async finish(id) {
      const running = all.find(({ job }) => job.id === id);
      if (running?.job.status !== 'in-flight') return false;
      clearTimeout(running.timer);
      put(running, { status: 'finished', endedAtMs: now() }, say('deploy', 'succeeded'));
      await askGate(running.service, running.asked, 'finish', 'succeeded');
      return true;
    },
    async recheckAll() {
      await Promise.all(all.map(recheck));
    },
    stop: () => all.forEach(({ timer }) => clearTimeout(timer)),
  };
}

function newJob(
  id: string,
  { gate, service, environment }: Pipeline,
  artifact: JobOrder['artifact'],
  branch: string,
  startedAtMs: number,
): CiJob {
  return {
    id,
    gate,
    service,
    environment,
    branch,
    artifact: artifact.tag,
    status: 'asking',
    reason: null,
    entry: null,
    expiresAt: null,
    rechecks: 0,
    startedAtMs,
    endedAtMs: null,
    lines: [],
  };
}

const passed = ({ reason, entry, expiresAt }: Heard) => ({ reason, entry, expiresAt });

const short = (digest: string): string => `${digest.slice(0, 'sha256:'.length + 8)}…`;

type Said = Omit<CiLine, 'atMs'>;
const say = (step: Said['step'], text: string): Said => ({ step, text });

function checkLines(
  { gate, service, check }: Pipeline,
  { tag, digest }: JobOrder['artifact'],
): readonly Said[] {
  return [
    say('artifact', `${service}:${tag} (${short(digest)})`),
    say('check', `${gate}: FAILED, ${check}`),
    say('gate', 'asking whether a bypass covers this deploy …'),
  ];
}

function stoppedLines(
  { gate, service, environment }: Pipeline,
  { digest }: JobOrder['artifact'],
  { reason }: Heard,
): readonly Said[] {
  return [
    say('gate', `ENFORCE (${reason})`),
    say(
      'gate',
      `${gate} failed, and no bypass covers ${service} in ${environment} at ${short(digest)}. If this is an incident: /breakglass ${gate} ${service} ${environment} 1h <why>`,
    ),
    say('deploy', 'stopped; nothing was changed'),
  ];
}

function passedLines({ entry, recheckAfterS }: Heard): readonly Said[] {
  return [
    say('gate', 'BYPASS; signature, nonce, gate and deploy of the answer verified'),
    say('gate', `let through by entry ${entry ?? ''}`),
    say('deploy', `running; asks again in ${recheckAfterS ?? 1} s`),
  ];
}

const toldLines = ({ reason }: Heard): readonly Said[] => [
  say('gate', `told ENFORCE (${reason})`),
  say('deploy', 'stopped, and reported as cancelled'),
];
