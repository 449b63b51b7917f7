export type MigrationErrorCode =
  /** A file is misnamed, or a number occurs twice or is left out. */
  | 'numbering'
  /** A file that was applied has been edited since. */
  | 'changed'
  /** A file is not applied although a later one is. */
  | 'out_of_order'
  /** A file ends the transaction it runs in. */
  | 'not_transactional'
  /** PostgreSQL is older than what the schema needs. */
  | 'server_too_old'
  /** PostgreSQL refused a file; its error is the cause. */
  | 'failed';

export class MigrationError extends Error {
  override name = 'MigrationError';
  readonly code: MigrationErrorCode;

  constructor(code: MigrationErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
