/** How long a message may be, in characters. */
const LONGEST = 500;
/** How much of a message is searched for what looks like a credential: more than is shown, for what is taken out. */
const SEARCHED = 4_000;
/** From which length on a key is taken for a secret. Servers that need none are given "none" or "x". */
const SHORTEST_SECRET = 8;

/** Each of them is linear: no two neighbouring parts can match the same characters, or the first has a bound. */
const PATTERNS: [RegExp, string][] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=*-]{6,}/gi, '$1 [redacted]'],
  // The prefixes of the providers' keys; OpenAI shows keys with stars in their middle.
  [/\b(sk|pk|rk|gsk|xai|hf|AIza|whk)[-_]?[\w*-]{8,}/g, '[redacted]'],
  [/([?&](?:api[-_]?key|key|token|access_token)=)[^&\s"']+/gi, '$1[redacted]'],
  // user:password@ in a URL.
  [/\b([a-z][a-z\d+.-]{0,20}:\/\/)[^\s/@"']+@/gi, '$1[redacted]@'],
  // Absolute file names; a URL's path follows a word character, and a bare API path such as /v1/models is none.
  [/(?:file:\/\/|(?<![\w:/.\])}]))\/(?!v\d|api\/)[\w.@+-]+(?:\/[\w.@+-]+)+(?::\d+)*/g, '[path]'],
  [/\b[A-Za-z]:\\[^\s"'<>|]+/g, '[path]'],
];
/** The first line of a stack's frames, without the line break before it. */
const FRAME = /^\s+at /;

/**
 * Makes a function that takes secrets, file names and stacks out of a text for people and cuts it to 500 characters.
 * `keys` of eight characters or more are taken out wherever they stand; besides, whatever looks like a credential.
 * Its time grows with the text's length alone.
 */
export function createRedactor(keys: string[]): (text: string) => string {
  const secrets = keys.filter((key) => key.length >= SHORTEST_SECRET);
  return (text) => {
    let clean = text;
    // Before the cut, which could leave a part of a secret.
    for (const secret of secrets) clean = clean.replaceAll(secret, '[redacted]');
    clean = withoutStack(beginning(clean));
    for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
    clean = clean.replace(/\s+/g, ' ').trim();
    return clean.length > LONGEST ? `${clean.slice(0, LONGEST - 1)}…` : clean;
  };
}

/** The first characters of a text, without a last word that was cut: it could be the half of a credential. */
function beginning(text: string): string {
  if (text.length <= SEARCHED) return text;
  const lastSpace = text.slice(0, SEARCHED).search(/\s\S*$/);
  return text.slice(0, lastSpace === -1 ? SEARCHED : lastSpace);
}

/** Without a stack's frames and all that follows them. */
function withoutStack(text: string): string {
  const lines = text.split('\n');
  const frame = lines.findIndex((line, index) => index > 0 && FRAME.test(line));
  return frame === -1 ? text : lines.slice(0, frame).join('\n');
}
