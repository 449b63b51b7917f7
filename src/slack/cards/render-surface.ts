import type { SurfaceModel } from '#application/ports/surface';
import type { RenderedMessage } from '../block-kit/check.ts';
import { approverCard } from './approver-card.ts';
import { postMortemCard } from './post-mortem-card.ts';
import { incidentCard, requesterCard } from './status-card.ts';
import { en, type Words } from '../words/words.ts';

/** A surface from the current state. @throws BlockKitBroken if Slack would refuse it. */
export function renderSurface(model: SurfaceModel, words: Words = en): RenderedMessage {
  switch (model.kind) {
    case 'incident':
      return incidentCard(model.card, words);
    case 'approver':
      return approverCard(model.card, model.viewer, words);
    case 'requester':
      return requesterCard(model.card, words);
    case 'post-mortem':
      return postMortemCard(model.card, words);
  }
}
