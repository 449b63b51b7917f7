import { useMemo, useState } from 'react';
import type { SubmitAnswer, ViewOnScreen } from '../../wire.ts';
import type { Surface } from '../blocks/surface.tsx';
import { useTyping } from '../blocks/use-typing.ts';
import { useSeen } from '../screen-context.tsx';

export interface Modal {
  readonly surface: Surface;
  readonly submit: () => void;
  readonly isSubmitting: boolean;
  readonly failure: string | undefined;
}

/** A modal as something to act on. What was typed is sent before anything that relies on it. */
export function useModal(view: ViewOnScreen): Modal {
  const { acts } = useSeen();
  const [answer, setAnswer] = useState<SubmitAnswer>({});
  const [isSubmitting, setSubmitting] = useState(false);
  const { type, flush } = useTyping((values) => acts.fillView(values));
  const start = async (): Promise<void> => {
    setSubmitting(true);
    setAnswer({});
    await flush();
    setAnswer(await acts.submitView());
    setSubmitting(false);
  };
  const errors = answer.errors ?? {};
  const surface = useMemo<Surface>(
    () => ({
      kind: 'modal',
      values: view.values,
      errors,
      press: async (press) => {
        await flush();
        return acts.pressInView(press);
      },
      change: async (key, value) => {
        setAnswer((before) => without(before, key));
        await flush();
        return acts.changeInView(key, value);
      },
      type: (key, value) => {
        setAnswer((before) => without(before, key));
        type(key, value);
      },
    }),
    [view.values, answer, acts, flush, type],
  );
  return {
    surface,
    submit: () => void (isSubmitting || start()),
    isSubmitting,
    failure: answer.failed?.shown,
  };
}

/** An error goes once the field is changed. */
function without(answer: SubmitAnswer, blockId: string): SubmitAnswer {
  if (answer.errors?.[blockId] === undefined) return answer;
  const { [blockId]: _gone, ...errors } = answer.errors;
  return { ...answer, errors };
}
