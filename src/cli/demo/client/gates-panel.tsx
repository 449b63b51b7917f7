import type { GateView, OpenBypassView } from '../wire.ts';
import { countdown } from './times.ts';
import { Moment } from './moment.tsx';
import { useFlip } from './use-flip.ts';
import { useNow } from './use-now.ts';

interface GatesPanelProps {
  readonly gates: readonly GateView[];
  readonly aheadMs: number;
  readonly onEntry: (index: number) => void;
}

export function GatesPanel({ gates, aheadMs, onEntry }: GatesPanelProps) {
  return (
    <section className="panel gates" aria-labelledby="gates">
      <h2 id="gates">Gates</h2>
      <ul>
        {gates.map((gate) => (
          <Gate
            key={`${gate.gate} ${gate.service} ${gate.environment}`}
            gate={gate}
            aheadMs={aheadMs}
            onEntry={onEntry}
          />
        ))}
      </ul>
      <p className="hidden" role="status">
        {gates
          .filter(({ mode }) => mode === 'bypass')
          .map(({ gate, service, environment }) => `${gate}: ${service} ${environment} in bypass`)
          .join('. ') || 'All gates enforce'}
      </p>
    </section>
  );
}

interface GateProps {
  readonly gate: GateView;
  readonly aheadMs: number;
  readonly onEntry: (index: number) => void;
}

function Gate({ gate: one, aheadMs, onEntry }: GateProps) {
  const now = useNow(aheadMs);
  const live = one.bypasses.filter((bypass) => now < bypass.expiresAt && !bypass.drill);
  // An expiry holds at once, whatever was last heard from the server.
  const mode = one.mode === 'bypass' && live.length > 0 ? 'bypass' : 'enforce';
  const [flipped, endFlip] = useFlip(mode);
  return (
    <li
      className="gate"
      data-mode={mode}
      data-gate={`${one.gate} ${one.service} ${one.environment}`}
    >
      <div className="gate-line">
        <span className="gate-name">
          <b>
            {one.service} <span className="gate-environment">{one.environment}</span>
          </b>
          <small title={one.description}>{one.gate}</small>
        </span>
        {one.waiting > 0 && <span className="tag">{one.waiting} waiting</span>}
        <span className="mode" data-flipped={flipped} onAnimationEnd={endFlip}>
          {mode}
        </span>
      </div>
      {live.map((bypass) => (
        <Bypass key={bypass.id} bypass={bypass} now={now} onEntry={onEntry} />
      ))}
      {one.bypasses.some(({ drill }) => drill) && (
        <p className="gate-note">A drill is running; it opens nothing.</p>
      )}
      {mode === 'enforce' && one.ended !== null && (
        <p className="gate-note">
          Enforces again since <Moment ms={one.ended.atMs} /> ({one.ended.how}
          {one.ended.enforces === true && ', looked at: it enforces'})
        </p>
      )}
    </li>
  );
}

interface BypassProps {
  readonly bypass: OpenBypassView;
  readonly now: number;
  readonly onEntry: (index: number) => void;
}

function Bypass({ bypass, now, onEntry }: BypassProps) {
  const { branch, artifact, index, activatedAt, expiresAt } = bypass;
  const left = expiresAt - now;
  return (
    <div className="bypass">
      <span className="countdown" data-short={left < 60_000}>
        {countdown(left)}
      </span>
      <progress aria-label="Time left" value={left} max={expiresAt - activatedAt} />
      <small>
        {artifact === null ? 'any artifact' : `artifact ${artifact.slice(0, 15)}…`},{' '}
        {branch === null ? 'any branch' : `branch ${branch}`}, until <Moment ms={expiresAt} />
        {index !== null && (
          <>
            ,{' '}
            <button type="button" className="link" onClick={() => onEntry(index)}>
              entry {index}
            </button>
          </>
        )}
      </small>
    </div>
  );
}
