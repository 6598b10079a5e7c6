/**
 * How much more of a text has to be cleaned than is shown, in characters, so that a secret at the cut is whole: the longest
 * secret of a tool has 10,000, and each may be percent-encoded.
 */
export const SECRET_OVERLAP = 30_000;
/** From which length on a value is taken for a secret: shorter ones would tear every text apart. */
const SHORTEST = 4;

/**
 * Makes a function that takes secrets out of a text wherever they stand, also as JSON, percent-encoding or base64 write
 * them. For texts that a model or a person is to get otherwise unchanged.
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
  // The longest first: one secret may be a part of another.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((clean, form) => clean.replaceAll(form, '[redacted]'), text);
}
