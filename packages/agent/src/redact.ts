import { isOrdinary } from './without-secrets.js';

/** Maximum length of a message, in characters. */
const LONGEST = 500;
/** How much of a message is searched for credentials. More than is shown, because redaction shortens it. */
const SEARCHED = 4_000;
/** The minimum length of a key to count as a secret. Servers that need no key are given "none" or "x". */
const SHORTEST_SECRET = 8;

/** Each pattern is linear: no two adjacent parts match the same characters, or the first one is bounded. */
const PATTERNS: [RegExp, string][] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=*-]{6,}/gi, '$1 [redacted]'],
  // The prefixes of provider keys. OpenAI shows keys with stars in the middle.
  [/\b(sk|pk|rk|gsk|xai|hf|AIza|whk)[-_]?[\w*-]{8,}/g, '[redacted]'],
  [/([?&](?:api[-_]?key|key|token|access_token)=)[^&\s"']+/gi, '$1[redacted]'],
  // user:password@ in a URL.
  [/\b([a-z][a-z\d+.-]{0,20}:\/\/)[^\s/@"']+@/gi, '$1[redacted]@'],
  // Absolute file names. A URL's path follows a word character, and a bare API path such as /v1/models is not
  // a file.
  [/(?:file:\/\/|(?<![\w:/.\])}]))\/(?!v\d|api\/)[\w.@+-]+(?:\/[\w.@+-]+)+(?::\d+)*/g, '[path]'],
  [/\b[A-Za-z]:\\[^\s"'<>|]+/g, '[path]'],
];
/** The first line of a stack trace, without the line break before it. */
const FRAME = /^\s+at /;

/**
 * Returns a function that removes secrets, file names and stack traces from a text for people and cuts it to
 * 500 characters. It removes `keys` of eight or more characters anywhere, and anything that looks like a
 * credential. Its time is linear in the text's length.
 */
export function createRedactor(keys: string[]): (text: string) => string {
  const secrets = keys.filter((key) => key.length >= SHORTEST_SECRET && !isOrdinary(key));
  return (text) => {
    let clean = text;
    // Runs before the cut, which could leave part of a secret.
    for (const secret of secrets) clean = clean.replaceAll(secret, '[redacted]');
    clean = withoutStack(beginning(clean));
    for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
    clean = clean.replace(/\s+/g, ' ').trim();
    return clean.length > LONGEST ? `${clean.slice(0, LONGEST - 1)}…` : clean;
  };
}

/** The beginning of a text, without a last word that was cut, because it could be half a credential. */
function beginning(text: string): string {
  if (text.length <= SEARCHED) return text;
  const lastSpace = text.slice(0, SEARCHED).search(/\s\S*$/);
  return text.slice(0, lastSpace === -1 ? SEARCHED : lastSpace);
}

/** The text before the first stack frame. */
function withoutStack(text: string): string {
  const lines = text.split('\n');
  const frame = lines.findIndex((line, index) => index > 0 && FRAME.test(line));
  return frame === -1 ? text : lines.slice(0, frame).join('\n');
}
