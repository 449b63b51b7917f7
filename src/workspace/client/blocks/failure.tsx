import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { WarningIcon } from '../icons.tsx';

interface Failure {
  /** Says under the blocks what went wrong; undefined takes it back. */
  readonly tell: (shown: string | undefined) => void;
}

const FailureContext = createContext<Failure>({ tell: () => undefined });

export const useFailure = (): Failure => useContext(FailureContext);

/** Blocks with room under them for what went wrong in them. */
export function WithFailure({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<string>();
  const failure = useMemo(() => ({ tell: setShown }), []);
  return (
    <FailureContext value={failure}>
      {children}
      <div className="failure-room" role="alert">
        {shown !== undefined && (
          <p className="failure">
            <WarningIcon />
            {shown}
          </p>
        )}
      </div>
    </FailureContext>
  );
}
