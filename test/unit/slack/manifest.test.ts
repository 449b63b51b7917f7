import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { COMMAND } from '#slack/action-ids';

const manifest = z.object({
  display_information: z.object({
    name: z.string().min(1).max(35),
    description: z.string().max(140),
  }),
  features: z.object({
    slash_commands: z.array(
      z.object({ command: z.string().max(32), should_escape: z.literal(true) }),
    ),
  }),
  oauth_config: z.object({
    scopes: z.object({ bot: z.array(z.string()), bot_optional: z.array(z.string()) }),
  }),
  settings: z.object({
    interactivity: z.object({ is_enabled: z.literal(true) }),
    socket_mode_enabled: z.literal(true),
  }),
});

test('the manifest asks for the least that the app needs', () => {
  const read = manifest.parse(
    parse(readFileSync(new URL('../../../manifest.yml', import.meta.url), 'utf8')),
  );
  expect(read.features.slash_commands.map(({ command }) => command)).toEqual([COMMAND]);
  expect(read.oauth_config.scopes).toEqual({
    bot: ['commands', 'chat:write', 'im:write', 'users:read'],
    bot_optional: ['usergroups:read', 'users:read.email', 'channels:read', 'groups:read'],
  });
});
