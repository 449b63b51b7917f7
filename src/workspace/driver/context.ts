import type { Dispatcher } from '../delivery/dispatcher.ts';
import type { WorkspaceState } from '../state.ts';
import type { User } from '../store/directory.ts';

/** What every act of a person needs. */
export interface DriverContext {
  state: WorkspaceState;
  dispatcher: Dispatcher;
  user: User;
}
