import type { components } from '@octokit/openapi-types';
import { expectTypeOf, test } from 'vitest';
import type { DeliveredShapes } from '#gates/github/events';

type Published = components['schemas'];

/** As `JSON.parse` gives it: numbers are numbers. */
type Parsed<T> = T extends bigint
  ? never
  : T extends object
    ? { readonly [Name in keyof T]: Parsed<T[Name]> }
    : T;

/** What GitHub's own description says that a delivery of each event may be. */
interface Deliveries {
  /** Here GitHub's description promises nothing, and without these there is nothing to answer. */
  readonly deployment_protection_rule: Required<
    Published['webhook-deployment-protection-rule-requested']
  >;
  readonly deployment_status: Published['webhook-deployment-status-created'];
  readonly workflow_run:
    | Published['webhook-workflow-run-completed']
    | Published['webhook-workflow-run-in-progress']
    | Published['webhook-workflow-run-requested'];
  readonly workflow_job:
    | Published['webhook-workflow-job-completed']
    | Published['webhook-workflow-job-in-progress']
    | Published['webhook-workflow-job-queued']
    | Published['webhook-workflow-job-waiting'];
  readonly check_run:
    | Published['webhook-check-run-completed']
    | Published['webhook-check-run-created']
    | Published['webhook-check-run-rerequested']
    | Published['webhook-check-run-requested-action'];
  readonly check_suite:
    | Published['webhook-check-suite-completed']
    | Published['webhook-check-suite-requested']
    | Published['webhook-check-suite-rerequested'];
  readonly installation: Published['webhook-installation-created'];
  readonly installation_repositories: Published['webhook-installation-repositories-added'];
}

// The compiler holds this one: `npm run types` fails where GitHub may leave out what we ask for.
test('whatever GitHub describes that it sends has what is read of it', () => {
  expectTypeOf<keyof Deliveries>().toEqualTypeOf<keyof DeliveredShapes>();
  expectTypeOf((sent: Parsed<Deliveries>): DeliveredShapes => sent).toBeFunction();
});
