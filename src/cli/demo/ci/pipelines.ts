import { imageDigest } from './image-digest.ts';

/** What the demo's CI can ship, and through which gate. */
export interface Pipeline {
  readonly id: string;
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  /** The gate's own check, which fails for every artifact here. */
  readonly check: string;
  readonly artifacts: readonly { readonly tag: string; readonly digest: string }[];
}

const image = (tag: string) => ({ tag, digest: imageDigest(tag) });

const CHECKOUT = {
  gate: 'image-policy',
  service: 'checkout',
  check: 'no signature on the image',
  artifacts: [image('rollback-41'), image('hotfix-42')],
};

const LEDGER = {
  gate: 'migration-review',
  service: 'ledger-db',
  check: 'no review of the migration',
  artifacts: [image('migration-118'), image('migration-119')],
};

const to = (one: typeof CHECKOUT, environment: string): Pipeline => ({
  ...one,
  id: `${one.service}-${environment}`,
  environment,
});

export const PIPELINES: readonly Pipeline[] = [
  to(CHECKOUT, 'production'),
  to(CHECKOUT, 'staging'),
  to(LEDGER, 'production'),
  to(LEDGER, 'staging'),
];

export const BRANCHES = ['main', 'hotfix'] as const;
