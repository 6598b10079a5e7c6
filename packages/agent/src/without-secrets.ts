/**
 * How many characters beyond the shown part must be cleaned, so that a secret at the cut is complete: the
 * longest secret of a tool has 10,000, and each may be percent-encoded.
 */
export const SECRET_OVERLAP = 30_000;
/** The minimum length of a secret. Removing shorter values would mangle every text. */
const SHORTEST = 4;

/**
 * Returns a function that removes secrets from a text anywhere, also in their JSON, percent-encoded or base64
 * form. For texts that are otherwise passed on unchanged.
 */
export function createSecretFilter(secrets: readonly string[]): (text: string) => string {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    forms.add(secret);
    forms.add(JSON.stringify(secret).slice(1, -1));
    forms.add(encodeURIComponent(secret));
    forms.add(
      Buffer.from(secret)
        .toString('base64')
        .replace(/(?<!=)=+$/, ''),
    );
  }
  // Longest first, because one secret may contain another.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((clean, form) => clean.replaceAll(form, '[redacted]'), text);
}
