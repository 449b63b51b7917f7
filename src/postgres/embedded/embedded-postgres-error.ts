/** What went wrong, for callers that react to it; the message tells a person what to do. */
export type EmbeddedPostgresErrorCode =
  | 'platform_unsupported'
  | 'binaries_unusable'
  | 'os_user_unavailable'
  | 'folder_unusable'
  | 'data_missing'
  | 'major_version_differs'
  | 'initdb_failed'
  | 'start_failed'
  | 'in_use'
  | 'stop_failed';

export class EmbeddedPostgresError extends Error {
  override name = 'EmbeddedPostgresError';
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
