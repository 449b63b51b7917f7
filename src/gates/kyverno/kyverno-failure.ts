/**
 * - `unreachable`: the API server gave no answer in time, or its token file cannot be read;
 * - `not-authorised`: RBAC refuses the service account;
 * - `no-kyverno`: the cluster has no PolicyExceptions of `policies.kyverno.io/v1`;
 * - `refused`: the API server or Kyverno's own webhook does not take the object as it is;
 * - `conflict`: somebody else wrote the object meanwhile; the next run reads it anew;
 * - `not-watched`: nobody would hear what an exception lets through, so none is pushed;
 * - `gate-settings`: the policy does not say enough of this gate, or what it says cannot be kept;
 * - `scope`: the gate cannot see something that the bypass names, so that it is not pushed;
 * - `other-tenant`: this cluster belongs to another tenant;
 * - `strange-answer`: whatever answered is no Kubernetes API server.
 */
export type KyvernoFailureCode =
  | 'unreachable'
  | 'not-authorised'
  | 'no-kyverno'
  | 'refused'
  | 'conflict'
  | 'not-watched'
  | 'gate-settings'
  | 'scope'
  | 'other-tenant'
  | 'strange-answer';

/** The gate could not be brought to, or asked for, what it should be. Names no token. */
export class KyvernoFailure extends Error {
  override readonly name = 'KyvernoFailure';
  readonly code: KyvernoFailureCode;

  constructor(code: KyvernoFailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
