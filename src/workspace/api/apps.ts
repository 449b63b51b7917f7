import type { SocketMode } from '../delivery/socket-mode.ts';
import { ok, refuse, type Method } from './method.ts';

/** `apps.connections.open`; an app that is configured for HTTP has no sockets. */
export function appMethods(socketMode: SocketMode | undefined): Record<string, Method> {
  return {
    'apps.connections.open': {
      token: 'app',
      scopes: ['connections:write'],
      run: ({ state }) => {
        if (!socketMode) return refuse('forbidden_team');
        return ok({ url: `${state.origin.replace('http', 'ws')}${socketMode.issuePath()}` });
      },
    },
  };
}
