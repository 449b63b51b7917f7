/**
 * Block Kit's limits (docs.slack.dev/reference/block-kit), in UTF-16 units: never fewer than the
 * characters that Slack counts, so that what passes here passes there.
 */
export const LIMITS = {
  messageBlocks: 50,
  viewBlocks: 100,
  viewBytes: 250_000,
  /** `chat.update` refuses longer texts than `chat.postMessage`; every message must be editable. */
  messageText: 4_000,
  sectionText: 3_000,
  sectionFields: 10,
  sectionField: 2_000,
  contextElements: 10,
  headerText: 150,
  buttonText: 75,
  buttonValue: 2_000,
  buttonUrl: 3_000,
  identifier: 255,
  privateMetadata: 3_000,
  viewTitle: 24,
  actionsElements: 25,
  selectOptions: 100,
  radioOptions: 10,
  optionText: 75,
  optionValue: 150,
  placeholder: 150,
  plainTextInput: 3_000,
  inputLabel: 2_000,
  inputHint: 2_000,
  confirmTitle: 100,
  confirmText: 300,
  confirmButton: 30,
  markdownTotal: 12_000,
} as const;
