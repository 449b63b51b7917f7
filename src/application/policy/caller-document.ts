import { z } from 'zod';
import { listOf, name, oneOf, section, text } from './parts.ts';

/** Claims are compared letter by letter; YAML makes numbers of ids of digits. */
const claim = z
  .union([z.string().min(1).max(255), z.int(), z.boolean()], {
    error: 'one line of at most 255 characters, as the claim has it',
  })
  .transform(String);

const ISSUER =
  '`https://…` without a query, letter by letter as tokens name it; http is for 127.0.0.1';

export const CallerDocument = section({
  name: text(/^[^\r\n\t]{1,80}$/, 'one line of at most 80 characters', 'checkout CI'),
  issuer: text(
    /^(?:https:\/\/[^\s?#@]{1,250}|http:\/\/(?:127\.0\.0\.1|localhost)(?::\d{1,5})?(?:\/[^\s?#@]{0,200})?)$/,
    ISSUER,
    'https://token.actions.githubusercontent.com',
  ).describe('Whose tokens these are: `iss`.'),
  kind: oneOf(['github', 'gitlab', 'kubernetes', 'oidc']).describe(
    'How facts are read from claims.',
  ),
  match: z
    .record(text(/^[\w.:/-]{1,100}$/, 'the name of a claim', 'repository_id'), claim, {
      error: 'a mapping from claims, such as `{ repository_id: "123" }`',
    })
    .describe('Claims that a token must have, all of them, exactly.'),
  gates: listOf(name('image-policy'), '[image-policy]').min(1, { error: 'at least one gate' }),
  services: listOf(name('checkout'), '[checkout]').min(1, { error: 'at least one service' }),
  environments: listOf(name('production'), '[production]')
    .min(1, { error: 'at least one environment' })
    .optional()
    .describe('Without it, the claim `environment` must say it.'),
});
export type CallerDocument = z.infer<typeof CallerDocument>;
