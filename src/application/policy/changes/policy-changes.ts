import type { PolicyVersion } from '../../ports/policy-version.ts';
import type { Change } from './change.ts';
import { changedPeople } from './changed-people.ts';
import { changedRequests } from './changed-requests.ts';
import { changedSettings } from './changed-settings.ts';
import { requestKinds } from './request-kinds.ts';

type Version = Pick<PolicyVersion, 'content' | 'directory'>;

/**
 * What one version of a policy changes against another, loosenings first. By what it means, not by
 * what was written: a rule that moved or a tier that has another name changes nothing for anybody.
 */
export function policyChanges(before: Version, after: Version): readonly Change[] {
  const kinds = requestKinds(before.content, after.content);
  const all = [
    ...(kinds === null ? [NOT_COMPARED] : changedRequests(before.content, after.content, kinds)),
    ...changedPeople(before, after),
    ...changedSettings(before, after),
  ];
  return [...all.filter(({ looser }) => looser), ...all.filter(({ looser }) => !looser)];
}

/** Nobody can tell that nothing is looser. */
const NOT_COMPARED: Change = {
  kind: 'not-compared',
  looser: true,
  about: '',
  before: null,
  after: null,
};
