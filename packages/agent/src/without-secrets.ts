/**
 * How many characters beyond the shown part must be cleaned, so that a secret at the cut is complete: the
 * longest secret of a tool has 10,000, and each may be percent-encoded.
 */
export const SECRET_OVERLAP = 30_000;
/** The minimum length of a secret. Removing shorter values would mangle every text. */
const SHORTEST = 4;
/** A word or a short number, such as the password `acme`: a text may have it without meaning the secret. */
const ORDINARY = /^([a-z]{1,12}|[A-Z]?[a-z]{0,11}|\d{1,6})$/;
/** What precedes a credential. */
const CREDENTIAL =
  '\\b(?:bearer|basic|token|secret|password|passwd|pwd|api[-_]?key|key)["\']?[ :=]{1,3}["\']?';

/** Whether a secret is removed only after a word such as `token`. */
export const isOrdinary = (secret: string): boolean => ORDINARY.test(secret);

/**
 * Returns a function that removes secrets from a text anywhere, also in their JSON, percent-encoded or base64
 * form. For texts that are otherwise passed on unchanged.
 */
export function createSecretFilter(secrets: readonly string[]): (text: string) => string {
  const forms = new Set<string>();
  const words: RegExp[] = [];
  for (const secret of secrets) {
    if (secret.length < SHORTEST) continue;
    if (isOrdinary(secret)) words.push(new RegExp(`(${CREDENTIAL})${secret}\\b`, 'gi'));
    else {
      forms.add(secret);
      forms.add(JSON.stringify(secret).slice(1, -1));
      forms.add(encodeURIComponent(secret));
    }
    forms.add(
      Buffer.from(secret)
        .toString('base64')
        .replace(/(?<!=)=+$/, ''),
    );
  }
  // Longest first, because one secret may contain another.
  const ordered = [...forms].sort((a, b) => b.length - a.length);
  return (text) => {
    const clean = ordered.reduce((left, form) => left.replaceAll(form, '[redacted]'), text);
    return words.reduce((left, word) => left.replace(word, '$1[redacted]'), clean);
  };
}
