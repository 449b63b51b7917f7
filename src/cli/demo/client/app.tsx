import type { PageState, Pane, TourStepView } from '../wire.ts';
import { post } from './ask.ts';
import { GatesPanel } from './gates-panel.tsx';
import { Header } from './header.tsx';
import { PaneBar } from './pane-bar.tsx';
import { SidePanel, type Tab } from './side-panel.tsx';
import { SlackWindows } from './slack-windows.tsx';
import { TourList } from './tour-list.tsx';
import { TourStrip } from './tour-strip.tsx';
import { Ahead } from './moment.tsx';
import { useActs } from './use-acts.ts';
import { useKept } from './use-kept.ts';
import { usePageState } from './use-page-state.ts';
import { useWindows } from './use-windows.ts';

export function App() {
  const { state, lost, aheadMs } = usePageState();
  if (state === undefined)
    return (
      <p className="loading">{lost ? 'The demo does not answer.' : 'The demo is coming up …'}</p>
    );
  return (
    <Ahead value={aheadMs}>
      <Page state={state} lost={lost} aheadMs={aheadMs} />
    </Ahead>
  );
}

interface PageProps {
  readonly state: PageState;
  readonly lost: boolean;
  readonly aheadMs: number;
}

function Page({ state, lost, aheadMs }: PageProps) {
  const { origin } = state.workspace;
  const [pane, setPane] = useKept<Pane>(`pane ${origin}`, 'slack');
  const [tab, setTab] = useKept<Tab>(`tab ${origin}`, 'deploy');
  const [touring, setTouring] = useKept(`touring ${origin}`, true);
  const windows = useWindows(state.workspace);
  const { busy, problem, run } = useActs();

  const show = (next: Pane): void => {
    setPane(next);
    if (next === 'gates') setTab('deploy');
    if (next === 'log') setTab((now) => (now === 'deploy' ? 'log' : now));
  };
  const go = ({ id, go: to }: TourStepView, compose: boolean): void => {
    setPane(to.pane);
    if (to.pane === 'gates') setTab('deploy');
    if (id === 'verify' || id === 'tamper') setTab('verify');
    if (to.as !== undefined) windows.show({ ...to, compose: compose ? (to.compose ?? '') : '' });
  };
  const openEntry = (index: number): void => {
    show('log');
    setTab('log');
    // Once the log is there.
    setTimeout(() => document.querySelector(`#entry-${index}`)?.scrollIntoView(), 0);
  };
  const act = (step: TourStepView): void => {
    go(step, false);
    run(`tour/${step.id}`, () => post(`/tour/do/${step.id}`));
  };
  const tour = {
    tour: state.tour,
    busy,
    onAct: act,
    onGo: (step: TourStepView) => go(step, true),
    onRestart: () => run('restart', () => post('/tour/restart')),
  };

  return (
    <div className="page" data-pane={pane} data-touring={touring}>
      <Header
        clock={state.clock}
        aheadMs={aheadMs}
        run={run}
        touring={touring}
        onTour={setTouring}
      />
      {touring && (
        <TourStrip
          {...tour}
          onLeave={() => setTouring(false)}
          onOpen={() => setPane((now) => (now === 'tour' ? 'slack' : 'tour'))}
        />
      )}
      {lost && (
        <p className="problem" role="alert">
          The demo does not answer; trying again …
        </p>
      )}
      {(problem ?? state.clock.problem) !== null && (
        <p className="problem" role="alert">
          {problem ?? state.clock.problem}
        </p>
      )}
      <main className="panes">
        <section className="pane-slack" aria-label="Slack">
          <SlackWindows windows={windows} workspace={state.workspace} />
        </section>
        <section className="pane-side" aria-label="Gates, deploys and the log">
          <GatesPanel gates={state.gates} aheadMs={aheadMs} onEntry={openEntry} />
          <SidePanel
            state={state}
            aheadMs={aheadMs}
            tab={tab}
            onTab={setTab}
            run={run}
            busy={busy}
          />
        </section>
        <section className="pane-tour" aria-label="Tour">
          <TourList {...tour} />
        </section>
      </main>
      <PaneBar pane={pane} onPane={show} gates={state.gates} />
    </div>
  );
}
