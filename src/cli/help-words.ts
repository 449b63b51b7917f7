import { Help, type HelpConfiguration, type Option } from 'commander';

const plain = new Help();

/**
 * How every command's help reads: what must be given stands in the usage line, first among the
 * options, and marked; a default is told where it says something, which a switch that is off and an
 * empty list do not.
 */
export const HELP_WORDS: HelpConfiguration = {
  commandUsage(command) {
    const needed = command.options.filter(isNeeded).map((one) => `${one.flags} `);
    return plain.commandUsage(command).replace('[options]', `${needed.join('')}[options]`);
  },
  visibleOptions(command) {
    const shown = plain.visibleOptions(command);
    return [...shown.filter(isNeeded), ...shown.filter((one) => !isNeeded(one))];
  },
  optionDescription: (option) => [option.description, noteOf(option)].filter(Boolean).join(' '),
  argumentDescription: ({ description }) => description,
};

const isNeeded = (option: Option): boolean => option.mandatory;

function noteOf(option: Option): string {
  const { argChoices = [], defaultValue, defaultValueDescription } = option;
  const isTold = typeof defaultValue === 'string' || typeof defaultValue === 'number';
  const notes = [
    ...(isNeeded(option) ? ['required'] : []),
    ...(argChoices.length > 0 ? [argChoices.join(' or ')] : []),
    ...(isTold ? [`${defaultValueDescription ?? String(defaultValue)} unless given`] : []),
  ];
  return notes.length === 0 ? '' : `(${notes.join('; ')})`;
}
