/** How often arguments may be encoded as a JSON string. Twice is common, more is not seen. */
const MOST_ENCODINGS = 3;

/**
 * The text of a call's arguments as one JSON object: `{}` for none, null or PHP's `[]`, and without the
 * quotes of arguments that were encoded as JSON twice. Text that is neither stays unchanged, for the model
 * to be told.
 * The digits of numbers stay as they were sent.
 */
export function plainArguments(input: unknown): string {
  let text = typeof input === 'string' ? input : (JSON.stringify(input ?? null) ?? 'null');
  for (let times = 0; times < MOST_ENCODINGS; times++) {
    text = text.trim();
    if (text === '' || text === 'null' || text === '[]') return '{}';
    if (!text.startsWith('"')) return text;
    const inner = parsed(text);
    if (typeof inner !== 'string') return text;
    text = inner;
  }
  return text;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
