import type { PreparedApproval } from '#application/ports/sign-in';
import type { SigstoreAddresses } from './options.ts';

/** What `breakglass approve` fetches. Of all this, only `statement` is signed. */
export interface PreparedBody {
  readonly format: 'breakglass-approval/v1';
  /** The in-toto Statement, base64. */
  readonly statement: string;
  /** What the service says about it; an approver's machine believes the statement alone. */
  readonly said: {
    readonly gateDescription: string;
    readonly requester: string;
    readonly justification: string | null;
    readonly incident: string | null;
    readonly drill: boolean;
    readonly evaluation: boolean;
  };
  readonly approver: {
    readonly name: string;
    readonly bound: { readonly email: string; readonly subject: string } | null;
    readonly mustBeEmail: string | null;
  };
  /** RFC 3339, UTC. */
  readonly pressedAt: string;
  readonly expiresAt: string;
  readonly provider: { readonly issuer: string; readonly client: string };
  readonly sigstore: SigstoreAddresses;
}

export function preparedBody(
  { statement, card, approver, pressedAt, expiresAt, provider }: PreparedApproval,
  client: string,
  sigstore: SigstoreAddresses,
): PreparedBody {
  const { gateDescription, requester, justification, incident, drill, evaluation } = card;
  const { name, binding, mustBeEmail } = approver;
  return {
    format: 'breakglass-approval/v1',
    statement: Buffer.from(statement).toString('base64'),
    said: {
      gateDescription,
      requester: requester.name,
      justification,
      incident,
      drill,
      evaluation,
    },
    approver: {
      name,
      bound: binding === null ? null : { email: binding.email, subject: binding.subject },
      mustBeEmail,
    },
    pressedAt: new Date(pressedAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    provider: { issuer: provider.issuer, client },
    sigstore,
  };
}
