import { BRANCHES, PIPELINES } from '../ci/pipelines.ts';
import type { CiRunner } from '../ci/ci-runner.ts';
import { INCIDENTS, OUTSIDERS, PEOPLE } from '../company.ts';
import type { Demo } from '../start-demo.ts';
import type { Tour } from '../tour/tour.ts';
import type { PageState } from '../wire.ts';
import type { Audits } from './audits.ts';
import type { ClockMover } from './clock-mover.ts';
import { gatesView, readStanding } from './gates-view.ts';
import type { LogBook } from './log-book.ts';
import { logView } from './log-view.ts';
import type { PageStores } from './page-stores.ts';

/** What the page is made of. */
export interface PageWorld extends PageStores {
  readonly demo: Demo;
  readonly log: LogBook;
  readonly ci: CiRunner;
  readonly audits: Audits;
  readonly clock: ClockMover;
  readonly tour: Tour;
}

/** Everything the page shows, read from where it stands. */
export async function pageState(world: PageWorld): Promise<PageState> {
  const { demo, log, ci, audits, clock, tour, stores } = world;
  const book = await log.read();
  const standing = await readStanding(stores, demo.service.tenant, book);
  return {
    workspace: {
      origin: demo.workspace.origin,
      incidents: INCIDENTS,
      people: [...Object.values(PEOPLE), ...Object.values(OUTSIDERS)]
        .filter(({ id }) => isActive(demo, id))
        .map(({ id, name, role }) => ({ id, name, role })),
    },
    clock: await clock.view(),
    gates: gatesView(standing, book),
    pipelines: PIPELINES.map(({ id, gate, service, environment, artifacts }) => ({
      id,
      gate,
      service,
      environment,
      artifacts,
    })),
    branches: BRANCHES,
    jobs: ci.jobs(),
    log: logView(book),
    audit: audits.last(),
    cheats: audits.cheats(book),
    saved: audits.saved(),
    tour: tour.view(book, standing.chains),
  };
}

/** A deactivated account cannot be anybody's window. */
function isActive({ workspace }: Demo, user: string): boolean {
  return workspace.people().some(({ id, deleted }) => id === user && deleted !== true);
}
