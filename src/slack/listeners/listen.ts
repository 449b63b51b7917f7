import type { App } from '@slack/bolt';
import { listenToButtons } from './buttons.ts';
import { listenToCommand } from './command.ts';
import type { Dependencies } from './dependencies.ts';
import { listenToEndings } from './endings.ts';
import { listenToFormChanges } from './form-changes.ts';
import { listenToFormSubmission } from './form-submission.ts';
import { listenToHome } from './home.ts';
import { listenToMarks } from './mark-shortcut.ts';
import { listenToReasonButtons } from './reason-buttons.ts';
import { listenToReasonSubmissions } from './reason-submissions.ts';
import { listenToShortcuts } from './shortcuts.ts';

/** Registers everything that people can do in Slack. */
export function listen(app: App, dependencies: Dependencies): void {
  listenToCommand(app, dependencies);
  listenToShortcuts(app, dependencies);
  listenToMarks(app, dependencies);
  listenToFormChanges(app, dependencies);
  listenToFormSubmission(app, dependencies);
  listenToButtons(app, dependencies);
  listenToReasonButtons(app, dependencies);
  listenToHome(app, dependencies);
  listenToReasonSubmissions(app, dependencies);
  listenToEndings(app, dependencies);
}
