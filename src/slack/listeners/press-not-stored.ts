/** A press that may not be acknowledged. The cause says why. */
export class PressNotStored extends Error {
  override name = 'PressNotStored';
  readonly code = 'press-not-stored';
  constructor(options: ErrorOptions) {
    super('a press was not stored, and is not acknowledged', options);
  }
}
