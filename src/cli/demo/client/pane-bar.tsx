import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { GateView, Pane } from '../wire.ts';

interface PaneBarProps {
  readonly pane: Pane;
  readonly onPane: (pane: Pane) => void;
  readonly gates: readonly GateView[];
}

const PANES: readonly { readonly id: Pane; readonly text: string }[] = [
  { id: 'slack', text: 'Slack' },
  { id: 'gates', text: 'Gates' },
  { id: 'log', text: 'Log' },
  { id: 'tour', text: 'Tour' },
];

/** Where the page has room for one part at a time. */
export function PaneBar({ pane, onPane, gates }: PaneBarProps) {
  const open = gates.filter(({ mode }) => mode === 'bypass').length;
  return (
    <nav className="pane-bar" aria-label="Parts of the page">
      <ToggleButtonGroup
        className="pane-buttons"
        disallowEmptySelection
        selectedKeys={[pane]}
        onSelectionChange={([chosen]) => onPane(chosen as Pane)}
      >
        {PANES.map(({ id, text }) => (
          <ToggleButton key={id} id={id} className="pane-button">
            {text}
            {id === 'gates' && open > 0 && <span className="count">{open} open</span>}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
    </nav>
  );
}
