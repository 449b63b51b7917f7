import { textArg } from './arguments.ts';
import { ok, refuse, type Answer, type ApiCall, type Method } from './method.ts';
import type { Issued } from '../store/oauth.ts';

/** Twelve hours, as Slack's rotated tokens live. */
const TOKEN_LIFE_S = 43_200;

/** `oauth.v2.access`, for codes and for refresh tokens (docs.slack.dev/reference/methods/oauth.v2.access). */
function access({ args, state }: ApiCall): Answer {
  const { oauth } = state.directory.app;
  if (!oauth || textArg(args, 'client_id') !== oauth.clientId) return refuse('invalid_client_id');
  if (textArg(args, 'client_secret') !== oauth.clientSecret) return refuse('bad_client_secret');
  if (textArg(args, 'grant_type') === 'refresh_token') {
    const renewed = state.oauth.renew(textArg(args, 'refresh_token') ?? '');
    return renewed ? answerOf(state, renewed) : refuse('invalid_refresh_token');
  }
  const redirectUri = textArg(args, 'redirect_uri') ?? '';
  const issued = state.oauth.exchange(textArg(args, 'code') ?? '', redirectUri);
  return issued ? answerOf(state, issued) : refuse('invalid_code');
}

function answerOf({ directory }: ApiCall['state'], issued: Issued): Answer {
  const { place, scopes, token, botUserId, refreshToken } = issued;
  const isForAll = 'enterpriseId' in place;
  const team = isForAll ? null : directory.team(place.teamId);
  const enterpriseId = isForAll ? place.enterpriseId : team?.enterpriseId;
  return ok({
    access_token: token,
    token_type: 'bot',
    scope: scopes.join(','),
    bot_user_id: botUserId,
    app_id: directory.app.id,
    team: team && { id: team.id, name: team.name },
    enterprise: enterpriseId === undefined ? null : { id: enterpriseId, name: enterpriseId },
    is_enterprise_install: isForAll,
    ...(refreshToken !== undefined && { refresh_token: refreshToken, expires_in: TOKEN_LIFE_S }),
  });
}

/** Takes the token back; for a bot's this takes the app out. */
function revoke({ state, installation }: ApiCall): Answer {
  state.oauth.end(installation.botToken, 'token_revoked');
  return ok({ revoked: true });
}

export const oauthMethods: Record<string, Method> = {
  'oauth.v2.access': { token: 'none', run: access },
  'auth.revoke': { token: 'bot', run: revoke },
};
