import type { TenantId } from '#domain/ids';
import { HOUR_MS, MINUTE_MS } from '#domain/instant';
import { base64 } from '#ledger/digest';
import { channelOf } from '../alarms/channel-of.ts';
import type { Alarm, AlarmStore } from '../ports/alarm.ts';
import type { CosignatureStore, LogProofs, StoredCheckpoint } from '../ports/log-proofs.ts';
import type { Destination, DestinationClaim, Outbound } from '../ports/outbound.ts';
import { PublishFailed } from '../ports/surface.ts';
import { isParked } from '../surfaces/is-parked.ts';
import { cosignNewest } from './cosign-newest.ts';
import { destinationsOf, type DestinationPorts } from './want-checkpoints.ts';

export interface CheckpointPorts extends DestinationPorts {
  readonly proofs: LogProofs;
  readonly cosignatures: CosignatureStore;
  readonly alarms: AlarmStore;
  readonly outbound: Outbound;
  readonly evaluation: boolean;
}

/** People are told at most so often; the last checkpoint covers those before it. */
const SPACING_MS: Readonly<Record<Destination['kind'], number>> = {
  channel: MINUTE_MS,
  mail: 10 * MINUTE_MS,
  witness: 0,
};

/** A destination that takes nothing for so long is told of. */
const SILENT_MS = HOUR_MS;

/**
 * Sends the newest checkpoint to one destination. Runs as a job and may run twice: what was sent is
 * recorded behind it, so a process that is killed in between sends the same checkpoint again, which
 * says nothing new.
 *
 * @throws PublishFailed, MailFailed, WitnessUnreachable: the job is tried again.
 */
export async function sendCheckpoint(
  ports: CheckpointPorts,
  tenant: TenantId,
  to: Destination,
): Promise<void> {
  // A destination that policy or settings name no more gets nothing more.
  const known = await destinationsOf(ports, tenant);
  if (!known.some(({ kind, name }) => kind === to.kind && name === to.name)) {
    await ports.alarms.clear(tenant, alarmKey(to));
    return;
  }
  const claim = await ports.destinations.claim(tenant, to, SPACING_MS[to.kind]);
  if (claim === null) return;
  const outcome = await attempt(ports, tenant, claim);
  if (outcome.kind === 'sent') {
    await ports.destinations.sent(tenant, claim, outcome.size);
    await ports.alarms.clear(tenant, alarmKey(to));
    return;
  }
  const failingMs = await ports.destinations.failed(tenant, claim, outcome.retryAfterMs);
  const alarm = outcome.alarm ?? (failingMs >= SILENT_MS ? silent(ports, to, failingMs) : null);
  if (alarm !== null) await ports.alarms.raise(tenant, { key: alarmKey(to), ...alarm });
  if (outcome.error !== null) throw outcome.error;
}

type Outcome =
  | { readonly kind: 'sent'; readonly size: number }
  | {
      readonly kind: 'failed';
      readonly retryAfterMs: number | null;
      /** What is wrong, where waiting does not help. */
      readonly alarm: Omit<Alarm, 'key'> | null;
      /** To be thrown, so that the queue tries again. */
      readonly error: unknown;
    };

async function attempt(
  ports: CheckpointPorts,
  tenant: TenantId,
  claim: DestinationClaim,
): Promise<Outcome> {
  try {
    return await send(ports, tenant, claim);
  } catch (error) {
    const retryAfterMs = error instanceof PublishFailed ? error.retryAfterMs : null;
    // A job for after the pause is there, or comes with the next look at what is due; failing this
    // one as well would try too early.
    return {
      kind: 'failed',
      retryAfterMs,
      alarm: null,
      error: retryAfterMs === null && !isParked(error) ? error : null,
    };
  }
}

async function send(
  ports: CheckpointPorts,
  tenant: TenantId,
  { to, sentSize }: DestinationClaim,
): Promise<Outcome> {
  const { witnesses, announcer, mailer } = ports.outbound;
  if (to.kind === 'witness') {
    const witness = witnesses.find(({ vkey }) => vkey === to.name);
    if (witness === undefined) throw new RangeError('a witness that is not set');
    const told = await cosignNewest(ports, tenant, witness, sentSize);
    if (told.ok) return { kind: 'sent', size: told.size };
    return { kind: 'failed', retryAfterMs: null, alarm: told.alarm, error: null };
  }
  const checkpoint = await ports.proofs.newest(tenant);
  if (checkpoint === null) throw new RangeError('a log without entries is sent nowhere');
  const news = newsOf(checkpoint, ports.evaluation);
  const channel = to.kind === 'channel' ? await channelOf(ports.store, tenant, 'security') : null;
  if (channel !== null)
    await announcer.announce(
      channel.team,
      to.name,
      { kind: 'checkpoint', checkpoint: news },
      tenant,
    );
  else await mailer?.mail(news);
  return { kind: 'sent', size: checkpoint.size };
}

function newsOf({ origin, size, root, note }: StoredCheckpoint, evaluation: boolean) {
  return { origin, size, root: base64(root), note, evaluation };
}

/** One alarm for each destination: what is wrong with it may change, and is told anew then. */
const alarmKey = ({ kind, name }: Destination): string =>
  `${kind}:${name.length > 150 ? name.slice(0, 150) : name}`;

function silent({ outbound }: CheckpointPorts, { kind, name }: Destination, forMs: number) {
  const minutes = Math.floor(forMs / MINUTE_MS);
  switch (kind) {
    case 'channel':
      return { code: 'channel-unreachable', about: { channel: name, minutes } } as const;
    case 'mail':
      return { code: 'mail-unreachable', about: { minutes } } as const;
    case 'witness': {
      const witness = outbound.witnesses.find(({ vkey }) => vkey === name)?.name ?? name;
      return { code: 'witness-unreachable', about: { witness, minutes } } as const;
    }
  }
}
