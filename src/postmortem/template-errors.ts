/** A filter got what it cannot show. The message is for the template's author. */
export class FilterMisused extends Error {
  override name = 'FilterMisused';
  readonly code = 'filter-misused';
}

/** A template writes more than any post-mortem can hold. */
export class OutputFull extends Error {
  override name = 'OutputFull';
  readonly code = 'output-full';
  constructor(max: number) {
    super(`the template writes more than ${max.toLocaleString('en')} characters`);
  }
}
