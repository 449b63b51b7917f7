import type { App } from '@slack/bolt';
import { listenToButtons } from './buttons.ts';
import { listenToCommand } from './command.ts';
import type { Dependencies } from './dependencies.ts';
import { listenToFormChanges } from './form-changes.ts';
import { listenToFormSubmission } from './form-submission.ts';
import { listenToReasonButtons } from './reason-buttons.ts';
import { listenToReasonSubmissions } from './reason-submissions.ts';

/** Registers everything that people can do in Slack. */
export function listen(app: App, dependencies: Dependencies): void {
  listenToCommand(app, dependencies);
  listenToFormChanges(app, dependencies);
  listenToFormSubmission(app, dependencies);
  listenToButtons(app, dependencies);
  listenToReasonButtons(app, dependencies);
  listenToReasonSubmissions(app, dependencies);
}
