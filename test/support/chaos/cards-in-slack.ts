import type { Pool } from 'pg';
import { renderMessageText, type Message, type Workspace } from '#workspace/workspace';
import type { Published, TenantRecord } from '../races/history.ts';
import { INCIDENTS } from '../service/acme.ts';

interface Standing {
  readonly id: string;
  readonly bypass: string;
  readonly kind: string;
  readonly channel: string | null;
  readonly ts: string | null;
}

/**
 * What each card says in Slack now, held against the state: what it was seen to show is the state's
 * own text where its words agree with the state, else its words.
 */
export async function cardsInSlack(
  pool: Pool,
  workspace: Workspace,
  { tenant, team, bypasses, at }: TenantRecord,
  moment: number,
): Promise<readonly Published[]> {
  const { rows } = await pool.query<Standing>(
    'SELECT surface_id AS id, bypass_id AS bypass, kind, channel, ts FROM app.surface',
  );
  const texts = allTexts(workspace);
  return rows.map(({ id, bypass, kind, channel, ts }) => {
    const state = bypasses.find((one) => one.id === bypass);
    const text = texts.get(`${channel} ${ts}`) ?? 'no such message';
    const agrees = state !== undefined && agreesWith(text, kind, state);
    return {
      kind: 'published',
      surface: id,
      bypass,
      channel: channel ?? '',
      team,
      tenant,
      drill: state?.drill ?? false,
      shows: agrees ? state.shows : text,
      begun: moment,
      moment,
      at,
      outcome: 'sent',
    };
  });
}

function agreesWith(
  text: string,
  kind: string,
  { phase, drill }: TenantRecord['bypasses'][number],
): boolean {
  if (text === 'no such message') return false;
  if (phase !== 'waiting' && text.includes('[Approve]')) return false;
  return kind !== 'incident' || drill || text.includes('is in bypass') === (phase === 'active');
}

function allTexts(workspace: Workspace): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const { id } of workspace.people()) {
    const reader = workspace.readerFor(id);
    const add = (message: Message): void =>
      void texts.set(`${message.channel} ${message.ts}`, renderMessageText(message, reader));
    const sees = workspace.as(id);
    for (const message of [...sees.inbox(), ...sees.messages(INCIDENTS)]) add(message);
  }
  return texts;
}
