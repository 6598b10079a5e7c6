/** How many answers are kept: those of a page, with the parts of its list. */
const MAX_ANSWERS = 30;
/** Longer answers are not kept, in characters. */
const MAX_CHARACTERS = 1_000_000;

interface Answer {
  response: Response;
  /** What the response contained, if it has been read. */
  text?: string;
}

/**
 * Creates a fetch that is sent only what has changed (RFC 9110, 13.1.2). The browser may not store answers,
 * because they contain payloads, so the last ones are kept in memory.
 */
export function createFetchChanged(): (request: Request) => Promise<Answer> {
  const known = new Map<string, { etag: string; text: string }>();
  return async (request) => {
    if (request.method !== 'GET') return { response: await fetch(request) };
    const before = known.get(request.url);
    if (before) request.headers.set('if-none-match', before.etag);
    const response = await fetch(request);
    if (response.status === 304 && before) return { response: new Response(), text: before.text };
    known.delete(request.url);
    const etag = response.headers.get('etag');
    if (!response.ok || etag === null || !isJson(response)) return { response };
    const text = await response.text();
    if (text.length <= MAX_CHARACTERS) known.set(request.url, { etag, text });
    const [oldest] = known.keys();
    if (known.size > MAX_ANSWERS && oldest !== undefined) known.delete(oldest);
    return { response, text };
  };
}

export const isJson = ({ headers }: Response): boolean =>
  headers.get('content-type')?.includes('json') === true;
