import { UsageError } from '../report-failure.ts';
import type { AskedDeploy } from './asked-deploy.ts';
import type { AskedService } from './ask.ts';
import { callerToken } from './caller-token.ts';
import { jobFacts, type Environment } from './job-environment.ts';
import { serviceAddress } from './service-address.ts';

/** The options of both commands. */
export interface AskFlags {
  readonly url?: string;
  readonly audience?: string;
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  readonly branch?: string;
  readonly commit?: string;
  readonly artifact?: NonNullable<AskedDeploy['artifact']>;
  readonly provenance?: NonNullable<AskedDeploy['provenance']>;
  readonly deployId?: string;
  readonly attempt?: number;
  readonly deployUrl?: string;
  readonly actor?: string;
}

/** The flags, and for what they leave out the job. @throws UsageError without a deploy's id. */
export function askedBy(flags: AskFlags, env: Environment): AskedDeploy {
  const { gate, service, environment, artifact: shipped, provenance: made } = flags;
  const job = jobFacts(env);
  const id = flags.deployId ?? job.deploy?.id;
  if (id === undefined) throw new UsageError('--deploy-id: this is no CI job that is known.');
  const branch = flags.branch ?? job.branch;
  const commit = flags.commit ?? job.commit;
  const url = flags.deployUrl ?? job.deploy?.url;
  const actor = flags.actor ?? job.deploy?.actor;
  return {
    gate,
    service,
    environment,
    ...(branch === undefined ? {} : { branch }),
    ...(commit === undefined ? {} : { commit }),
    ...(shipped === undefined ? {} : { artifact: shipped }),
    ...(made === undefined ? {} : { provenance: made }),
    deploy: {
      id,
      attempt: flags.attempt ?? job.deploy?.attempt ?? 1,
      ...(url === undefined ? {} : { url }),
      ...(actor === undefined ? {} : { actor }),
    },
  };
}

/** Where and as whom the flags and the job ask. @throws UsageError for an address that will not do. */
export function serviceOf(flags: AskFlags, env: Environment): AskedService {
  const audience = flags.audience ?? env['BREAKGLASS_AUDIENCE'] ?? null;
  const url = serviceAddress(flags.url ?? env['BREAKGLASS_URL'], env);
  return { url, token: callerToken(env, audience), now: () => Date.now() };
}
