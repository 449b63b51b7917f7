/** The methods of Slack's Web API that are called, as metrics name them. */
export const SLACK_METHODS: ReadonlySet<string> = new Set([
  'auth.revoke',
  'auth.test',
  'chat.delete',
  'chat.getPermalink',
  'chat.postEphemeral',
  'chat.postMessage',
  'chat.update',
  'conversations.info',
  'conversations.open',
  'usergroups.users.list',
  'users.info',
  'views.open',
  'views.publish',
  'views.update',
]);
