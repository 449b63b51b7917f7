import type { Scope } from '#domain/scope';
import type { GateTarget } from './gate-target.ts';
import { KyvernoFailure } from './kyverno-failure.ts';

export interface MatchCondition {
  readonly name: string;
  /** CEL; gives a bool, and no error whatever the object lacks. */
  readonly expression: string;
}

/**
 * The scope as match conditions of a PolicyException: all must hold, for the object that is admitted.
 * @throws KyvernoFailure `scope` for a branch that the gate cannot see.
 */
export function matchConditions(
  target: GateTarget,
  { service, environment, branch, artifact }: Scope,
  expiresAt: string,
): readonly MatchCondition[] {
  const { guard, serviceLabel, environmentLabel, branchAnnotation } = target;
  const conditions: MatchCondition[] = [];
  const add = (name: string, expression: string) =>
    conditions.push({ name: `breakglass-${name}`, expression });
  if (guard === 'condition') add('time', `time.now() < timestamp(${quoted(expiresAt)})`);
  add('service', holds('labels', serviceLabel, service));
  if (environmentLabel !== null) add('environment', holds('labels', environmentLabel, environment));
  else add('environment', `request.namespace == ${quoted(environment)}`);
  if (branch !== null) {
    if (branchAnnotation === null)
      throw new KyvernoFailure(
        'scope',
        'the bypass names a branch, and this gate sees none: set `branch_annotation`, or leave the ' +
          'branch out of the request',
      );
    add('branch', holds('annotations', branchAnnotation, branch));
  }
  if (artifact !== null) add('artifact', everyImageIs(artifact));
  return conditions;
}

function holds(map: 'labels' | 'annotations', key: string, value: string): string {
  const all = `object.metadata.${map}`;
  const named = `${quoted(key)} in ${all} && ${all}[${quoted(key)}] == ${quoted(value)}`;
  return `object != null && has(${all}) && ${named}`;
}

/** Pods, what holds a template of one, and what holds a template of a Job. Other objects have no image. */
const POD_SPEC =
  '(has(object.spec.containers) ? [object.spec] : ' +
  'has(object.spec.template) ? [object.spec.template.spec] : ' +
  'has(object.spec.jobTemplate) ? [object.spec.jobTemplate.spec.template.spec] : [])';

/** Every image, or the exception for one would let another one through beside it. */
function everyImageIs(digest: string): string {
  const all = (list: string) => `pod.${list}.all(c, c.image.endsWith(${quoted(`@${digest}`)}))`;
  const ofOptional = ['initContainers', 'ephemeralContainers'].map(
    (list) => `(!has(pod.${list}) || ${all(list)})`,
  );
  const every = ['size(pod.containers) > 0', all('containers'), ...ofOptional].join(' && ');
  return `object != null && has(object.spec) && ${POD_SPEC}.exists(pod, ${every})`;
}

/** A CEL string literal; escapes as CEL's grammar has them, so that no name can end it early. */
function quoted(text: string): string {
  const escaped = text.replaceAll(/[\\'"\p{Cc}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
  return `'${escaped}'`;
}
