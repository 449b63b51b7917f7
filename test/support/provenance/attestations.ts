import { IN_TOTO_PAYLOAD_TYPE } from '#ledger/dsse';

export const IMAGE = `sha256:${'9f2c'.repeat(16)}`;

/** SLSA provenance of some artifacts, as builders write it. */
export function slsaStatement(
  artifacts: readonly string[] = [IMAGE],
  {
    type = 'https://in-toto.io/Statement/v1',
    predicateType = 'https://slsa.dev/provenance/v1',
  }: { readonly type?: string; readonly predicateType?: string } = {},
) {
  return {
    _type: type,
    subject: artifacts.map((artifact, place) => {
      const [algorithm = '', digits = ''] = artifact.split(':');
      return { name: `image-${place}`, digest: { [algorithm]: digits } };
    }),
    predicateType,
    predicate: { buildDefinition: { buildType: 'https://ci.example/build/v1' } },
  };
}

/** In a DSSE envelope; the signature is nobody's. */
export function inEnvelope(statement: object) {
  return {
    payloadType: IN_TOTO_PAYLOAD_TYPE,
    payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
    signatures: [{ sig: 'AAAA' }],
  };
}

/** In a Sigstore bundle, as far as it matters here. */
export const inBundle = (statement: object) => ({
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  verificationMaterial: {},
  dsseEnvelope: inEnvelope(statement),
});
