import { ok, type ApiCall, type Method } from './method.ts';

/** `auth.test` and `team.info`. */
export const teamMethods: Record<string, Method> = {
  'auth.test': {
    token: 'any',
    run: ({ state, installation }: ApiCall) => {
      const { name, domain } = state.directory.team(installation.teamId);
      return ok({
        url: `https://${domain}.slack.com/`,
        team: name,
        user: state.directory.users.get(installation.botUserId)?.name,
        team_id: installation.teamId,
        user_id: installation.botUserId,
        bot_id: installation.botId,
        is_enterprise_install: false,
      });
    },
  },
  'team.info': {
    token: 'bot',
    scopes: ['team:read'],
    run: ({ state, installation }: ApiCall) => {
      const { id, name, domain } = state.directory.team(installation.teamId);
      return ok({ team: { id, name, domain, email_domain: '', icon: { image_default: true } } });
    },
  },
};
