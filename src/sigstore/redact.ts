const LONGEST = 300;
// A JWT, or a part of one: every JSON object in base64url starts so.
const JWT_LIKE = /eyJ[\w-]{5,}(?:\.[\w-]*)*/g;

/** A foreign service's words, cut to 300 characters and without anything that looks like a JWT. */
export function redact(text: string): string {
  return text.replaceAll(JWT_LIKE, '[redacted]').slice(0, LONGEST);
}
