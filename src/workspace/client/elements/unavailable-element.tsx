import { typeWords } from '../blocks/block-json.ts';
import type { ElementProps } from './element-props.ts';

/** What this page cannot offer: files, and options that the app would be asked for. */
export function UnavailableElement({ element, field }: ElementProps) {
  return (
    <div className="field">
      {field && <span className="field-label">{field.label}</span>}
      <p className="placeholder">
        The element “{typeWords(element)}” cannot be used in this client.
      </p>
      {field?.error !== undefined && <p className="field-error">{field.error}</p>}
    </div>
  );
}
