import type {
  CompletePostMortem,
  AnnotateDeploy,
  Approve,
  CheckProvenance,
  Command,
  OpenRequest,
} from '#domain/bypass/command';
import { bypassId, type PersonId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import type { DeployFacts, Scope } from '#domain/scope';
import { REQUEST_DIGEST, T0 } from './contexts.ts';
import { jDoe } from './people.ts';

export const B1 = bypassId('b1');
export const B2 = bypassId('b2');

export const scope = (has: Partial<Scope> = {}): Scope => ({
  service: 'checkout',
  environment: 'production',
  branch: null,
  artifact: null,
  ...has,
});

export const facts = (has: Partial<DeployFacts> = {}): DeployFacts => ({
  gate: 'image-policy',
  service: 'checkout',
  environment: 'production',
  branch: 'main',
  artifact: 'sha256:9f2c',
  ...has,
});

export const open = (has: Partial<OpenRequest> = {}): OpenRequest => ({
  type: 'open',
  bypass: B1,
  by: jDoe,
  gate: 'image-policy',
  scope: scope(),
  severity: null,
  ttlMs: HOUR_MS,
  justification: 'Checkout is down, rollback image is unsigned.',
  incident: 'INC-4312',
  drill: false,
  extends: null,
  ...has,
});

/** J. Doe asks to go on for another hour. */
export const extend = (has: Partial<OpenRequest> = {}): OpenRequest =>
  open({ bypass: B2, extends: B1, ...has });

export const approve = (by: PersonId, has: Partial<Approve> = {}): Approve => ({
  type: 'approve',
  bypass: B1,
  by,
  request: REQUEST_DIGEST,
  ttlMs: HOUR_MS,
  pressedAt: T0 + MINUTE_MS,
  signing: 'attested',
  steppedUp: true,
  ...has,
});

export const deny = (by: PersonId, bypass = B1): Command => ({
  type: 'deny',
  bypass,
  by,
  reason: 'Use the rollback pipeline.',
});

export const withdraw = (by: PersonId, bypass = B1): Command => ({ type: 'withdraw', bypass, by });
export const lapse = (bypass = B1): Command => ({ type: 'lapse', bypass });
export const escalate = (bypass = B1): Command => ({ type: 'escalate', bypass });
export const expire = (bypass = B1): Command => ({ type: 'expire', bypass });
export const close = (by: PersonId, bypass = B1): Command => ({ type: 'close', bypass, by });
export const revoke = (by: PersonId, bypass = B1): Command => ({
  type: 'revoke',
  bypass,
  by,
  reason: 'Wrong service.',
});

export const annotate = (has: Partial<AnnotateDeploy> = {}): AnnotateDeploy => ({
  type: 'annotate-deploy',
  bypass: B1,
  deploy: 'run-7#1',
  facts: facts(),
  commit: 'c0ffee',
  artifactName: 'registry.example/checkout',
  provenance: 'verified',
  decision: 'd-1',
  url: 'https://ci.example/7',
  deployedBy: 'ci',
  adoptedFrom: null,
  ...has,
});

export const finish = (
  outcome: 'succeeded' | 'failed' | 'cancelled' = 'succeeded',
  deploy = 'run-7#1',
): Command => ({ type: 'finish-deploy', bypass: B1, deploy, outcome });

export const revert = (
  result: 'done' | 'too-late' | 'unknown' = 'done',
  deploy = 'run-7#1',
): Command => ({ type: 'revert-deploy', bypass: B1, deploy, result });

/** Of `deployed({ provenance: … })`, as it was annotated. */
export const checkProvenance = (
  has: Partial<CheckProvenance> & Pick<CheckProvenance, 'annotatedAt'>,
): CheckProvenance => ({
  type: 'check-provenance',
  bypass: B1,
  deploy: 'run-7#1',
  provenance: 'sha256:cdcd',
  artifact: 'sha256:9f2c',
  result: 'matches',
  ...has,
});

export const readBack = (enforces = true): Command => ({
  type: 'read-back',
  bypass: B1,
  enforces,
});

export const complete = (by: PersonId): CompletePostMortem => ({
  type: 'complete-post-mortem',
  bypass: B1,
  by,
  outcome: 'The rollback image is signed from now on.',
});
