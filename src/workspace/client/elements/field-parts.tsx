import { FieldError, Label, Text } from 'react-aria-components';
import { WarningIcon } from '../icons.tsx';
import type { FieldWords } from './element-props.ts';

/** The label above an input; nothing outside of an input block. */
export function FieldLabel({ field }: { field: FieldWords | undefined }) {
  if (!field) return null;
  return (
    <Label className="field-label">
      {field.label}
      {field.isOptional && <span className="field-optional"> (optional)</span>}
    </Label>
  );
}

/** The hint and the error under an input. */
export function FieldNotes({ field }: { field: FieldWords | undefined }) {
  if (!field) return null;
  return (
    <>
      <FieldError className="field-error">
        <WarningIcon />
        {field.error}
      </FieldError>
      {field.hint !== '' && (
        <Text slot="description" className="field-hint">
          {field.hint}
        </Text>
      )}
    </>
  );
}

/** What the components for fields take of the words around them. */
export function fieldProps(field: FieldWords | undefined, name: string) {
  return {
    validationBehavior: 'aria' as const,
    isInvalid: field?.error !== undefined,
    isRequired: field !== undefined && !field.isOptional,
    ...(field ? {} : { 'aria-label': name === '' ? 'Choice' : name }),
  };
}
