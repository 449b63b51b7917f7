import { Button } from 'react-aria-components';
import { StepButtons, type TourProps } from './tour-strip.tsx';

/** All steps of the tour: a page of its own on a phone, and beside the rest where it is asked for. */
export function TourList({ tour: { steps, current }, busy, onAct, onGo, onRestart }: TourProps) {
  return (
    <div className="panel tour-list">
      <h2>One incident, in three minutes</h2>
      <ol>
        {steps.map((step, index) => (
          <li
            key={step.id}
            data-state={step.done ? 'done' : index === current ? 'current' : 'open'}
          >
            <h3>{step.title}</h3>
            <p>{step.done ? step.happened : step.todo}</p>
            {index === current && (
              <div className="buttons">
                <StepButtons step={step} busy={busy} onAct={onAct} onGo={onGo} />
              </div>
            )}
          </li>
        ))}
      </ol>
      <Button className="secondary" onPress={onRestart}>
        Start again
      </Button>
    </div>
  );
}
