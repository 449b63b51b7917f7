import type { AppOnScreen } from '../../wire.ts';

/** What the app is, and what can be typed for it. */
export function AppAbout({ app }: { app: AppOnScreen }) {
  return (
    <div className="about">
      <h3>{app.name}</h3>
      <p>An app of this workspace.</p>
      {app.commands.length > 0 && <h4>Commands</h4>}
      <dl>
        {app.commands.map(({ command, description, usageHint }) => (
          <div key={command}>
            <dt>
              <code>{command}</code> {usageHint}
            </dt>
            <dd>{description}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
