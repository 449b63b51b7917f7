import { z } from 'zod';
import type { Instant } from '#domain/instant';
import type { DeployFacts } from '#domain/scope';
import type { GateTarget } from '../gate-target.ts';

/** A pod that the cluster admitted, in the words of one gate. */
export interface AdmittedDeploy {
  /** Of the API server: the same request told twice carries the same one. */
  readonly auditId: string;
  readonly facts: DeployFacts;
  /** The rollout that the pod belongs to, or the pod itself: all replicas are one deploy. */
  readonly deploy: string;
  /** By the API server's clock: when it was asked. */
  readonly admittedAt: Instant;
}

/** What one audit event says. `unreadable` is a pod of which the event does not say what it is. */
export type ReadEvent =
  | {
      readonly kind: 'pod';
      readonly auditId: string;
      readonly admittedAt: Instant;
      readonly pod: Pod;
    }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unreadable'; readonly auditId: string };

const texts = z.record(z.string(), z.string()).default({});
const containers = z.array(z.object({ image: z.string().default('') })).default([]);

const Pod = z.object({
  metadata: z.object({
    name: z.string().default(''),
    namespace: z.string().optional(),
    uid: z.string().min(1),
    labels: texts,
    annotations: texts,
    ownerReferences: z
      .array(
        z.object({
          kind: z.string(),
          name: z.string(),
          uid: z.string(),
          controller: z.boolean().default(false),
        }),
      )
      .default([]),
  }),
  spec: z.object({ containers, initContainers: containers, ephemeralContainers: containers }),
});
export type Pod = z.infer<typeof Pod>;

const Event = z.object({
  auditID: z.string().min(1).max(128),
  stage: z.string(),
  verb: z.string(),
  requestURI: z.string().default(''),
  requestReceivedTimestamp: z.iso.datetime({ offset: true }),
  objectRef: z
    .object({
      resource: z.string().default(''),
      namespace: z.string().optional(),
      apiGroup: z.string().default(''),
      subresource: z.string().default(''),
    })
    .optional(),
  responseStatus: z.object({ code: z.number().default(0) }).optional(),
  responseObject: z.unknown().optional(),
});

/** Whatever puts an image into a pod: making it, changing it, and a debug container. */
const VERBS = ['create', 'update', 'patch'];
const SUBRESOURCES = ['', 'ephemeralcontainers'];

/** Reads one audit event (audit.k8s.io/v1); `null` for what is none. */
export function readEvent(value: unknown): ReadEvent | null {
  const parsed = Event.safeParse(value);
  if (!parsed.success) return null;
  const { auditID: auditId, objectRef, responseObject, ...event } = parsed.data;
  const { resource = '', apiGroup = '', subresource = '' } = objectRef ?? {};
  const isPod = resource === 'pods' && apiGroup === '' && SUBRESOURCES.includes(subresource);
  const { code = 0 } = event.responseStatus ?? {};
  const isDone = event.stage === 'ResponseComplete' && VERBS.includes(event.verb);
  if (!isPod || !isDone || code < 200 || code > 299 || isDryRun(event.requestURI))
    return { kind: 'nothing' };
  const pod = Pod.safeParse(responseObject);
  if (!pod.success) return { kind: 'unreadable', auditId };
  return {
    kind: 'pod',
    auditId,
    admittedAt: Date.parse(event.requestReceivedTimestamp),
    pod: withNamespace(pod.data, objectRef?.namespace),
  };
}

function isDryRun(requestUri: string): boolean {
  const url = URL.parse(requestUri, 'https://kubernetes.invalid');
  return url?.searchParams.getAll('dryRun').includes('All') ?? false;
}

function withNamespace(pod: Pod, namespace: string | undefined): Pod {
  const found = pod.metadata.namespace ?? namespace;
  return found === undefined ? pod : { ...pod, metadata: { ...pod.metadata, namespace: found } };
}

/** `null` where the pod does not say its service or its environment: no bypass covers such a one. */
export function factsOf(
  gate: string,
  target: GateTarget,
  { metadata, spec }: Pod,
): DeployFacts | null {
  const { serviceLabel, environmentLabel, branchAnnotation } = target;
  const service = metadata.labels[serviceLabel];
  const environment =
    environmentLabel === null ? metadata.namespace : metadata.labels[environmentLabel];
  if (service === undefined || environment === undefined) return null;
  const branch =
    branchAnnotation === null ? null : (metadata.annotations[branchAnnotation] ?? null);
  return { gate, service, environment, branch, artifact: oneDigest(spec) };
}

/** The digest that all images share, as the match conditions want it; else `null`. */
function oneDigest({
  containers: own,
  initContainers,
  ephemeralContainers,
}: Pod['spec']): string | null {
  const images = [...own, ...initContainers, ...ephemeralContainers].map(({ image }) => image);
  const digests = new Set(
    images.map((image) => /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1] ?? null),
  );
  const [digest = null] = digests;
  return digests.size === 1 ? digest : null;
}

/** A rollout of a Deployment is its ReplicaSet, so that a new one is a new deploy. */
export function deployOf({ metadata }: Pod): string {
  const { name, namespace = '', uid, ownerReferences } = metadata;
  const owner = ownerReferences.find(({ controller }) => controller);
  const { kind, name: called, uid: id } = owner ?? { kind: 'Pod', name, uid };
  return `${kind}/${namespace}/${called}/${id}`;
}
