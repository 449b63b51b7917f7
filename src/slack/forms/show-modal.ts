import type { ModalView } from '@slack/types';
import type { BypassCard } from '#application/ports/card';
import { assertView } from '../block-kit/check.ts';
import { LIMITS } from '../block-kit/limits.ts';
import { plain } from '../block-kit/text.ts';
import { incidentCard } from '../cards/status-card.ts';
import { en, type Words } from '../words/words.ts';

/** A bypass as its card shows it, to be read: it does not follow what happens, so it has no buttons. */
export const showModal = (card: BypassCard, words: Words = en): ModalView =>
  assertView({
    type: 'modal',
    callback_id: 'notice',
    title: plain(words.FORM.title, LIMITS.viewTitle),
    close: plain(words.FORM.dismiss, LIMITS.viewTitle),
    blocks: incidentCard(card, words).blocks.filter((block) => block.type !== 'actions'),
  });
