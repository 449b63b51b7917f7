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

const digest = (character: string): string => `sha256:${character.repeat(64)}`;

const CHECKOUT = {
  gate: 'image-policy',
  service: 'checkout',
  check: 'no signature on the image',
  artifacts: [
    { tag: 'rollback-41', digest: digest('b') },
    { tag: 'hotfix-42', digest: digest('a') },
  ],
};

const LEDGER = {
  gate: 'migration-review',
  service: 'ledger-db',
  check: 'no review of the migration',
  artifacts: [
    { tag: 'migration-118', digest: digest('c') },
    { tag: 'migration-119', digest: digest('d') },
  ],
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
