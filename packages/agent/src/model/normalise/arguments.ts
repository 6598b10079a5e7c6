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
    if (!text.startsWith('"')) return onceOnly(text);
    const inner = parsed(text);
    if (typeof inner !== 'string') return text;
    text = inner;
  }
  return text;
}

/**
 * Arguments without what servers put around them: a fence, the empty object that a streamed call begins with
 * (`{}{"a":1}`), and the same object again at the end of a stream. Two different objects stay.
 */
function onceOnly(text: string): string {
  if (parsed(text) !== undefined) return text;
  const bare =
    /^```(?:json)?\s/.test(text) && text.endsWith('```') ? text.slice(text.search(/\s/), -3).trim() : text;
  const rest = bare.startsWith('{}') ? bare.slice(2).trimStart() : bare;
  const half = rest.slice(0, rest.length / 2);
  const once = half + half === rest ? half : rest;
  return parsed(once) === undefined ? text : once;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
