import type { ChannelOnScreen } from '../../wire.ts';

/** What stands above the first message. */
export function Beginning({ channel: { kind, name } }: { channel: ChannelOnScreen }) {
  if (kind === 'app' || kind === 'im') {
    return (
      <div className="beginning">
        <p>
          This is the very beginning of your direct message history with <b>{name}</b>.
        </p>
      </div>
    );
  }
  return (
    <div className="beginning">
      <h3>#{name}</h3>
      <p>
        This is the very beginning of the <b>#{name}</b> channel.
      </p>
    </div>
  );
}
