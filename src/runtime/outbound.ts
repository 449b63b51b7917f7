import type { Logger } from 'pino';
import type { AlarmNotice } from '#application/ports/alarm';
import type { Announcer, Outbound, Witness } from '#application/ports/outbound';
import type { TenantId } from '#domain/ids';
import { witnessKeyFromVkey } from '#ledger/cosignature';
import { createMailer } from '#notify/mail/smtp-mailer';
import { createWitness } from '#notify/witness/witness-client';
import type { Config, Secrets } from './config/read-config.ts';
import { verifyEd25519 } from './verify-ed25519.ts';

/** Where checkpoints and alarms go, as the settings have it. */
export function openOutbound(
  { checkpoints }: Pick<Config, 'checkpoints'>,
  { mailUrl }: Pick<Secrets, 'mailUrl'>,
  announcer: Announcer,
  log: Logger,
  cleanup: AsyncDisposableStack,
): Outbound {
  const { everyMs, mail, witnesses, allowPrivateWitnesses: allowPrivate } = checkpoints;
  return {
    announcer,
    mailer: mail === null || mailUrl === null ? null : openMailer({ ...mail, url: mailUrl }),
    witnesses: witnesses.map(openWitness),
    everyMs,
    onAlarm: (tenant, notice) => tellLog(log, tenant, notice),
  };

  function openMailer(options: {
    url: string;
    from: string;
    to: readonly string[];
    allowPlain: boolean;
  }) {
    const mailer = createMailer({ ...options, log });
    cleanup.defer(() => mailer.close());
    return mailer;
  }

  function openWitness({ vkey, url }: (typeof witnesses)[number]): Witness {
    const key = witnessKeyFromVkey(vkey, verifyEd25519);
    // The settings were read with the same rules.
    if (!key.ok) throw new RangeError(`a witness's verifier key is ${key.code}`);
    const witness = createWitness({ key: key.value, url, allowPrivate });
    cleanup.defer(() => witness.close());
    return witness;
  }
}

function tellLog(log: Logger, tenant: TenantId, { id, code, about, clearedAt }: AlarmNotice): void {
  // A person's name is for the channel; whoever reads the log finds them by the alarm's id.
  const { person: _name, ...ids } = about;
  const what = { tenant, alarm: id, code, ...ids };
  if (clearedAt === null) log.error(what, 'alarm');
  else log.info(what, 'an alarm is over');
}
