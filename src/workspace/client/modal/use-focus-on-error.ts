import { useEffect, useRef, type RefObject } from 'react';

/** Leads the person to the first field with an error, once there are new ones. */
export function useFocusOnError(errors: object): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  const count = Object.keys(errors).length;
  const before = useRef(0);
  useEffect(() => {
    const isNew = count > 0 && before.current === 0;
    before.current = count;
    if (!isNew) return;
    const field = form.current?.querySelector('.field[data-invalid] :is(input, textarea, button)');
    if (field instanceof HTMLElement) field.focus();
  }, [count]);
  return form;
}
