import { BUNDLE_V03_MEDIA_TYPE } from '@sigstore/bundle';
import { IN_TOTO } from './attestation-state.ts';
import type {
  LoggedStatement,
  SerializedLogEntry,
  TimestampedStatement,
} from './attestation-state.ts';

/** A Sigstore bundle v0.3, as JSON: one DSSE envelope, one certificate, what witnesses said. */
export interface AttestedBundle {
  readonly mediaType: string;
  readonly verificationMaterial: {
    readonly certificate: { readonly rawBytes: string };
    readonly tlogEntries: readonly SerializedLogEntry[];
    readonly timestampVerificationData: {
      readonly rfc3161Timestamps: readonly { readonly signedTimestamp: string }[];
    };
  };
  readonly dsseEnvelope: {
    readonly payload: string;
    readonly payloadType: string;
    readonly signatures: readonly { readonly sig: string; readonly keyid: string }[];
  };
}

/** Puts the stages together: https://github.com/sigstore/protobuf-specs, `sigstore_bundle.proto`. */
export function toBundle(statement: TimestampedStatement | LoggedStatement): AttestedBundle {
  return {
    mediaType: BUNDLE_V03_MEDIA_TYPE,
    verificationMaterial: {
      certificate: { rawBytes: statement.certificate },
      tlogEntries: statement.stage === 'logged' ? [statement.logEntry] : [],
      timestampVerificationData: {
        rfc3161Timestamps:
          statement.timestamp === undefined ? [] : [{ signedTimestamp: statement.timestamp }],
      },
    },
    dsseEnvelope: {
      payload: statement.payload,
      payloadType: IN_TOTO,
      signatures: [{ sig: statement.signature, keyid: '' }],
    },
  };
}
