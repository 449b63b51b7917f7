import type { LoggedCall } from './call-log.ts';
import { Changes } from './changes.ts';
import type { Clock } from './clock.ts';
import { Faults } from './faults.ts';
import { IdSequence } from './ids.ts';
import { ResponseUrls } from './response-urls.ts';
import type { WorkspaceSeed } from './seed.ts';
import { Conversations } from './store/conversations.ts';
import { Directory } from './store/directory.ts';
import { OAuth } from './store/oauth.ts';
import { Messages } from './store/messages.ts';
import { Selections } from './store/selections.ts';
import { Views } from './store/views.ts';
import { Triggers } from './triggers.ts';

/** Everything the workspace remembers, in memory. */
export class WorkspaceState {
  readonly clock: Clock;
  readonly changes: Changes;
  readonly ids = new IdSequence();
  readonly directory: Directory;
  readonly oauth: OAuth;
  readonly conversations: Conversations;
  readonly messages: Messages;
  readonly selections = new Selections();
  readonly views: Views;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly faults = new Faults();
  readonly calls: LoggedCall[] = [];
  /** `http://127.0.0.1:<port>`, known once the server listens. */
  origin = '';

  constructor(seed: WorkspaceSeed, clock: Clock) {
    this.clock = clock;
    this.changes = new Changes(() => clock.now());
    this.directory = new Directory(seed);
    this.oauth = new OAuth(this.directory, clock);
    this.conversations = new Conversations(seed, this.ids);
    this.messages = new Messages(clock, this.changes);
    this.views = new Views(this.ids, clock, this.changes);
    this.triggers = new Triggers(clock);
    this.responseUrls = new ResponseUrls(clock);
  }
}
