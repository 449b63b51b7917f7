/** What a job asks about: the members of a question that stay the same from start to finish. */
export interface AskedDeploy {
  readonly gate: string;
  readonly service: string;
  readonly environment: string;
  readonly branch?: string;
  readonly commit?: string;
  readonly artifact?: { readonly name: string; readonly digest: string };
  readonly deploy: {
    readonly id: string;
    readonly attempt: number;
    readonly url?: string;
    readonly actor?: string;
  };
  readonly check?: { readonly name: string; readonly result: string };
  readonly provenance?: { readonly uri: string; readonly digest: string };
}

export type DeployEnd = 'succeeded' | 'failed' | 'cancelled';

/** The deploy as answers name it: an attempt is a deploy of its own. */
export const deployKey = ({ deploy }: AskedDeploy): string => `${deploy.id}#${deploy.attempt}`;
