/**
 * Block Kit's limits as Slack's reference documents them (docs.slack.dev/reference/block-kit).
 * Lengths are counted in UTF-16 units: never fewer than the characters that Slack counts, so that
 * what passes here passes there.
 */
export const LIMITS = {
  messageBlocks: 50,
  viewBlocks: 100,
  sectionText: 3000,
  sectionFields: 10,
  sectionField: 2000,
  headerText: 150,
  buttonText: 75,
  buttonValue: 2000,
  url: 3000,
  identifier: 255,
  privateMetadata: 3000,
  viewTitle: 24,
  actionsElements: 25,
  contextElements: 10,
  contextActionsElements: 5,
  selectOptions: 100,
  optionGroups: 100,
  groupLabel: 75,
  radioOptions: 10,
  overflowOptions: 5,
  optionText: 75,
  optionValue: 150,
  placeholder: 150,
  plainTextInput: 3000,
  inputLabel: 2000,
  inputHint: 2000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  imageText: 2000,
  markdownTotal: 12_000,
  tableRows: 100,
  tableColumns: 20,
  alertText: 200,
  cardTitle: 150,
  cardBody: 200,
  cardActions: 3,
  carouselCards: 10,
  containerBlocks: 10,
  containerTitle: 150,
  viewBytes: 250_000,
} as const;

/** Message text: what `chat.postMessage` takes at most, and the shorter limit of `chat.update`. */
export const TEXT_LIMITS = { post: 40_000, update: 4000 } as const;
