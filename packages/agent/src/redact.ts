/** How long a message may be, in characters. */
const LONGEST = 500;
/** From which length on a key is taken for a secret. Servers that need none are given "none" or "x". */
const SHORTEST_SECRET = 8;

const PATTERNS: [RegExp, string][] = [
  // A stack's frames, and all that follows them.
  [/\n\s+at [\s\S]*$/, ''],
  [/\b(Bearer|Basic)\s+[\w.~+/=*-]{6,}/gi, '$1 [redacted]'],
  // The prefixes of the providers' keys; OpenAI shows keys with stars in their middle.
  [/\b(sk|pk|rk|gsk|xai|hf|AIza|whk)[-_]?[\w*-]{8,}/g, '[redacted]'],
  [/([?&](?:api[-_]?key|key|token|access_token)=)[^&\s"']+/gi, '$1[redacted]'],
  // user:password@ in a URL.
  [/\b([a-z][a-z\d+.-]*:\/\/)[^\s/@"']+@/gi, '$1[redacted]@'],
  // Absolute file names; a URL's path follows a word character, and a bare API path such as /v1/models is none.
  [/(?:file:\/\/|(?<![\w:/.\])}]))\/(?!v\d|api\/)[\w.@+-]+(?:\/[\w.@+-]+)+(?::\d+)*/g, '[path]'],
  [/\b[A-Za-z]:\\[^\s"'<>|]+/g, '[path]'],
];

/**
 * Makes a function that takes secrets, file names and stacks out of a text for people and cuts it to 500 characters.
 * `keys` of eight characters or more are taken out wherever they stand; besides, whatever looks like a credential.
 */
export function createRedactor(keys: string[]): (text: string) => string {
  const secrets = keys.filter((key) => key.length >= SHORTEST_SECRET);
  return (text) => {
    let clean = text;
    for (const secret of secrets) clean = clean.replaceAll(secret, '[redacted]');
    for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
    clean = clean.replace(/\s+/g, ' ').trim();
    return clean.length > LONGEST ? `${clean.slice(0, LONGEST - 1)}…` : clean;
  };
}
