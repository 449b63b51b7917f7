import { expect, test } from 'vitest';
import { renderNote } from '#slack/cards/render-note';
import { renderMessageText } from '#workspace/workspace';
import { active } from '#test/slack/app/sample-card';

const seen = (incident: string | null): string => {
  const { text, blocks } = renderNote({ kind: 'incident-over', card: active({ incident }) });
  return renderMessageText(
    { text, blocks: blocks.map((block) => ({ ...block })) },
    { viewerTz: 'UTC' },
  );
};

test('who asked is told that the incident is over, with the button that closes', () => {
  const text = seen('INC-4312');
  expect(text).toContain('Your incident tool says that `INC-4312` is resolved.');
  expect(text).toContain('is still open: close it if the fix is out');
  expect(text).toContain('[Close now]');
});

test('what was typed as the incident acts on nobody', () => {
  const text = JSON.stringify(
    renderNote({
      kind: 'incident-over',
      card: active({ incident: '<!channel> `*bold*` <https://evil.example|INC-1>\n> quote' }),
    }),
  );
  expect(text).not.toContain('<!channel>');
  expect(text).not.toContain('<https://evil');
  expect(seen(null)).toContain('your incident is resolved');
});
