import { Button } from 'react-aria-components';
import type { WorkspaceView } from '../wire.ts';
import { Choice } from './choice.tsx';
import { addressOf, type SlackWindow, type Windows } from './use-windows.ts';

interface SlackWindowsProps {
  readonly windows: Windows;
  readonly workspace: WorkspaceView;
}

const MOST_WINDOWS = 3;

export function SlackWindows({ windows, workspace }: SlackWindowsProps) {
  const shown = new Set(windows.all.map((one) => one.as));
  const next = workspace.people.find(({ id }) => !shown.has(id))?.id;
  return (
    <div className="windows">
      {windows.all.map((one) => (
        <Window key={one.id} one={one} windows={windows} workspace={workspace}>
          {one.id === windows.all.at(-1)?.id && windows.all.length < MOST_WINDOWS && (
            <Button
              className="quiet add-window"
              onPress={() => next !== undefined && windows.add(next)}
            >
              Add a window
            </Button>
          )}
        </Window>
      ))}
    </div>
  );
}

interface WindowProps extends SlackWindowsProps {
  readonly one: SlackWindow;
  readonly children: React.ReactNode;
}

function Window({ one, windows, workspace, children }: WindowProps) {
  const { people, incidents } = workspace;
  const person = people.find(({ id }) => id === one.as);
  return (
    <div className="window">
      <div className="window-bar">
        <span className="muted">Slack as</span>
        <Choice
          quiet
          label="Whose Slack this is"
          options={people.map(({ id, name, role }) => ({ id, text: name, note: role }))}
          value={one.as}
          onChange={(as) => windows.show({ as, channel: incidents, compose: '' }, one.id)}
        />
        <span className="grow" />
        {children}
        <a
          className="quiet"
          href={addressOf(workspace, { as: one.as, channel: incidents })}
          target="_blank"
          rel="noopener"
        >
          Open in a tab
        </a>
        {windows.all.length > 1 && (
          <Button
            className="quiet"
            aria-label={`Close the window of ${person?.name ?? 'this person'}`}
            onPress={() => windows.close(one.id)}
          >
            ✕
          </Button>
        )}
      </div>
      <iframe
        className="client"
        title={`Slack of ${person?.name ?? 'somebody'}`}
        src={one.src}
        ref={(element) => windows.frame(one.id, element)}
      />
    </div>
  );
}
