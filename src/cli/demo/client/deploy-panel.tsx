import { useState } from 'react';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import type { CiJob, PageState } from '../wire.ts';
import { post } from './ask.ts';
import type { Run } from './use-acts.ts';
import { brief } from './brief.ts';
import { Choice } from './choice.tsx';
import { countdown, timeOf } from './times.ts';
import { Moment } from './moment.tsx';
import { useNow } from './use-now.ts';

interface DeployPanelProps {
  readonly state: PageState;
  readonly aheadMs: number;
  readonly run: Run;
  readonly busy: string | null;
}

export function DeployPanel({ state, aheadMs, run, busy }: DeployPanelProps) {
  const { jobs } = state;
  return (
    <>
      <OrderForm state={state} run={run} busy={busy} />
      {jobs.length === 0 && (
        <p className="empty">
          Nothing was deployed yet. CI runs the gate's own check, which fails for these artifacts,
          and then asks whether a bypass covers the deploy.
        </p>
      )}
      <ul className="jobs" aria-label="Deploys, newest first">
        {jobs.map((job, index) => (
          <Job key={job.id} job={job} aheadMs={aheadMs} run={run} isNewest={index === 0} />
        ))}
      </ul>
    </>
  );
}

function OrderForm({ state, run, busy }: Omit<DeployPanelProps, 'aheadMs'>) {
  const { pipelines, branches } = state;
  const [pipeline, setPipeline] = useState(pipelines[0]?.id ?? '');
  const [artifact, setArtifact] = useState('');
  const [branch, setBranch] = useState(branches[0] ?? '');
  const chosen = pipelines.find(({ id }) => id === pipeline);
  const tags = chosen?.artifacts.map(({ tag }) => tag) ?? [];
  const tag = tags.includes(artifact) ? artifact : (tags[0] ?? '');
  return (
    <div className="order">
      <Choice
        label="Deploy to"
        options={pipelines.map(({ id, service, environment, gate }) => ({
          id,
          text: `${service} ${environment}`,
          note: `through ${gate}`,
        }))}
        value={pipeline}
        onChange={setPipeline}
      />
      <Choice
        label="Artifact"
        options={(chosen?.artifacts ?? []).map(({ tag: id, digest }) => ({
          id,
          text: id,
          note: `${digest.slice(0, 15)}…`,
        }))}
        value={tag}
        onChange={setArtifact}
      />
      <Choice
        label="Branch"
        options={branches.map((id) => ({ id, text: id }))}
        value={branch}
        onChange={setBranch}
      />
      <Button
        className="primary"
        isDisabled={busy === 'deploy'}
        onPress={() => run('deploy', () => post('/deploys', { pipeline, artifact: tag, branch }))}
      >
        Deploy
      </Button>
    </div>
  );
}

const WORDS: Readonly<Record<CiJob['status'], string>> = {
  asking: 'asking',
  stopped: 'stopped by the gate',
  'in-flight': 'in flight',
  finished: 'finished',
  'told-enforce': 'told enforce',
};

interface JobProps {
  readonly job: CiJob;
  readonly aheadMs: number;
  readonly run: Run;
  readonly isNewest: boolean;
}

function Job({ job, aheadMs, run, isNewest }: JobProps) {
  const { id, status, service, environment, artifact, branch, endedAtMs, lines } = job;
  return (
    <li className="job" data-status={status}>
      <Disclosure defaultExpanded={isNewest}>
        <div className="job-line">
          <Heading level={3}>
            <Button slot="trigger" className="job-trigger">
              <span aria-hidden="true" className="chevron" />
              <span>
                {id}{' '}
                <small>
                  {service} {environment}, {artifact}, {branch}
                </small>
              </span>
            </Button>
          </Heading>
          <span className="status">
            {WORDS[status]}
            {status === 'told-enforce' && endedAtMs !== null && (
              <>
                {' '}
                at <Moment ms={endedAtMs} />: stopped
              </>
            )}
          </span>
          {status === 'in-flight' && (
            <Button
              className="secondary small"
              onPress={() => run('finish', () => post(`/deploys/${id}/finish`))}
            >
              Finish
            </Button>
          )}
        </div>
        {status === 'in-flight' && <InFlight job={job} aheadMs={aheadMs} />}
        <DisclosurePanel>
          <ol className="ci" aria-label={`What CI printed for ${id}`}>
            {lines.map(({ atMs, step, text }) => (
              <li key={`${atMs} ${text}`}>
                <time>{timeOf(atMs)}</time>
                <b>{step}</b>
                <span>{brief(text)}</span>
              </li>
            ))}
          </ol>
        </DisclosurePanel>
      </Disclosure>
    </li>
  );
}

function InFlight({ job, aheadMs }: { readonly job: CiJob; readonly aheadMs: number }) {
  const now = useNow(aheadMs);
  const { expiresAt, rechecks } = job;
  return (
    <p className="job-note">
      Running under the bypass{expiresAt !== null && `, ${countdown(expiresAt - now)} left`}.{' '}
      {rechecks > 0 && `Asked again ${rechecks === 1 ? 'once' : `${rechecks} times`}.`}
    </p>
  );
}
