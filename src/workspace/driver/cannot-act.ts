/** Why a person cannot do what the driver asked of them. */
export type CannotActCode =
  | 'no_such_person'
  | 'person_deactivated'
  | 'person_is_bot'
  | 'no_such_channel'
  | 'no_such_message'
  | 'no_such_element'
  | 'no_such_shortcut'
  | 'ambiguous_element'
  | 'no_open_view'
  | 'no_such_page'
  | 'invalid_client_id'
  | 'bad_redirect_uri'
  | 'not_installed'
  | 'value_not_possible';

/** The driver asked for what a person in front of a Slack client could not do: a fault of the test. */
export class CannotAct extends Error {
  override name = 'CannotAct';
  readonly code: CannotActCode;

  constructor(code: CannotActCode, message: string) {
    super(message);
    this.code = code;
  }
}
