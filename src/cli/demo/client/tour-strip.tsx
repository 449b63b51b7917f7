import { Button } from 'react-aria-components';
import type { TourStepView, TourView } from '../wire.ts';

export interface TourProps {
  readonly tour: TourView;
  /** What is being done right now. */
  readonly busy: string | null;
  readonly onAct: (step: TourStepView) => void;
  readonly onGo: (step: TourStepView) => void;
  readonly onRestart: () => void;
}

interface TourStripProps extends TourProps {
  readonly onLeave: () => void;
  readonly onOpen: () => void;
}

/** Where the tour stands, always in sight and never in the way. */
export function TourStrip({ tour, busy, onAct, onGo, onRestart, onLeave, onOpen }: TourStripProps) {
  const { steps, current } = tour;
  const step = steps[current];
  const before = steps[current - 1];
  return (
    <section className="tour" aria-label="Tour of one incident">
      <div className="tour-progress">
        <Progress tour={tour} />
        <span className="tour-count">
          {step === undefined ? 'Done' : `Step ${current + 1} of ${steps.length}`}
        </span>
      </div>
      <div className="tour-words" role="status">
        {before !== undefined && <p className="tour-happened">✓ {before.happened}</p>}
        <h2>{step?.title ?? 'That was one incident'}</h2>
        <p className="tour-todo">{step?.todo ?? END}</p>
      </div>
      <div className="tour-buttons">
        {step === undefined ? (
          <Button className="primary" onPress={onRestart}>
            Start again
          </Button>
        ) : (
          <StepButtons step={step} busy={busy} onAct={onAct} onGo={onGo} />
        )}
        <Button className="quiet tour-all" onPress={onOpen}>
          All steps
        </Button>
      </div>
      <Button className="quiet tour-leave" onPress={onLeave}>
        Leave
      </Button>
    </section>
  );
}

const END =
  'The gate was never switched off, and an outsider can check every word of it. Go on by yourself: another tier, a drill, a denial, an extension.';

type StepButtonsProps = Pick<TourProps, 'busy' | 'onAct' | 'onGo'> & {
  readonly step: TourStepView;
};

export function StepButtons({ step, busy, onAct, onGo }: StepButtonsProps) {
  const isBusy = busy?.startsWith('tour/') === true;
  return (
    <>
      <Button className="primary" isDisabled={isBusy} onPress={() => onAct(step)}>
        {isBusy ? 'Doing it …' : step.act}
      </Button>
      <Button className="secondary" onPress={() => onGo(step)}>
        Take me there
      </Button>
    </>
  );
}

function Progress({ tour: { steps, current } }: { readonly tour: TourView }) {
  return (
    <div className="dots" aria-hidden="true">
      {steps.map(({ id, done }, index) => (
        <span key={id} data-state={done ? 'done' : index === current ? 'current' : 'open'} />
      ))}
    </div>
  );
}
