/** How the cluster of one tenant is reached, and how it tells what it admitted. */
export interface KyvernoSettings {
  /** The API server; no slash at the end. */
  readonly apiUrl: string;
  /** Read at each call: the kubelet writes a new service-account token there before the old one ends. */
  readonly tokenFile: string;
  /** PEM of the cluster's authority; `null` takes those of Node. */
  readonly caFile: string | null;
  /** Kyverno's `exceptionNamespace`: exceptions of other namespaces do nothing. */
  readonly namespace: string;
  /** What the API server sends with its audit events. Without it nobody would hear what was admitted. */
  readonly watchToken: string | null;
}
