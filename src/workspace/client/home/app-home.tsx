import { useMemo } from 'react';
import type { AppOnScreen, ViewOnScreen } from '../../wire.ts';
import { Blocks } from '../blocks/blocks.tsx';
import { WithFailure } from '../blocks/failure.tsx';
import { SurfaceContext, type Surface } from '../blocks/surface.tsx';
import { Boundary } from '../frame/boundary.tsx';
import { useSeen } from '../screen-context.tsx';

/** The app's Home tab as it was published to the person. */
export function AppHome({ app }: { app: AppOnScreen }) {
  const { home } = app;
  if (home) return <HomeView view={home} />;
  return (
    <div className="home-empty">
      <p>
        <b>{app.name}</b> has not put anything here for you.
      </p>
    </div>
  );
}

function HomeView({ view }: { view: ViewOnScreen }) {
  const surface = useHomeSurface(view);
  return (
    <div className="home" role="region" aria-label="Home" tabIndex={0}>
      <SurfaceContext value={surface}>
        <WithFailure>
          <Boundary of={view} instead="This Home tab cannot be shown.">
            <Blocks blocks={view.blocks} />
          </Boundary>
        </WithFailure>
      </SurfaceContext>
    </div>
  );
}

function useHomeSurface({ values }: ViewOnScreen): Surface {
  const { acts } = useSeen();
  return useMemo(
    () => ({
      kind: 'home',
      values,
      errors: {},
      press: (press) => acts.pressInHome(press),
      change: () => Promise.resolve({ ok: false, shown: UNAVAILABLE }),
      type: () => undefined,
    }),
    [acts, values],
  );
}

const UNAVAILABLE = 'Inputs of the Home tab cannot be used in this client.';
