import type { ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { BackIcon, PeopleIcon } from '../icons.tsx';
import { useSeen } from '../screen-context.tsx';

interface Header {
  readonly icon: ReactNode;
  readonly title: string;
  readonly members?: number;
  readonly isNarrow: boolean;
}

/** What is open, with the way back where it fills the screen. */
export function PaneHeader({ icon, title, members, isNarrow }: Header) {
  const { move } = useSeen();
  return (
    <header className="pane-header">
      {isNarrow && (
        <Button
          className="icon-button"
          aria-label="Back"
          onPress={() => move({ channel: undefined })}
        >
          <BackIcon />
        </Button>
      )}
      <h2>
        {icon}
        <span>{title}</span>
      </h2>
      {members !== undefined && (
        <span className="pane-members">
          <PeopleIcon />
          {members}
          <span className="unseen"> members</span>
        </span>
      )}
    </header>
  );
}
