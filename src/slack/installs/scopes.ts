/** What the app cannot work without. The manifest asks for the same. */
export const NEEDED_SCOPES = ['commands', 'chat:write', 'im:write', 'users:read'] as const;

/** Each adds one thing, and whoever installs may leave it out. */
export const OPTIONAL_SCOPES = [
  'usergroups:read',
  'users:read.email',
  'channels:read',
  'groups:read',
] as const;

export const SCOPES = [...NEEDED_SCOPES, ...OPTIONAL_SCOPES] as const;
