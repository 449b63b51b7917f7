import type { ModalView } from '@slack/types';
import { sentence } from '../block-kit/blocks.ts';
import { assertView } from '../block-kit/check.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { plain } from '../block-kit/text.ts';
import { en, type Words } from '../words/words.ts';

/** Something to read, and nothing to send. @param text mrkdwn, escaped. */
export const noticeModal = (text: string, words: Words = en): ModalView =>
  assertView({
    type: 'modal',
    callback_id: 'notice',
    title: plain(words.FORM.title, LIMITS.viewTitle),
    close: plain(words.FORM.dismiss, LIMITS.viewTitle),
    blocks: [sentence(text)],
  });
