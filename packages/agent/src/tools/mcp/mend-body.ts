import type { Place } from './follow.js';

/** Passes the text of a JSON body through `mend`. The body must be bounded. */
export function mendJson(mend: (text: string) => string): TransformStream<Uint8Array, Uint8Array> {
  const chunks: Uint8Array[] = [];
  return new TransformStream({
    transform: (chunk) => void chunks.push(chunk),
    flush: (controller) =>
      controller.enqueue(new TextEncoder().encode(mend(new TextDecoder().decode(Buffer.concat(chunks))))),
  });
}

/** How often the beginning of an event is tried as a whole one. Each takes time that its length decides. */
const MOST_TRIED = 20;

/**
 * Passes the data of each `message` event of an event stream through `mend`, and notes in `place` where the
 * stream is. Lines must end with LF, and the stream must be bounded. Some servers leave out the empty line
 * that ends an event. https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function mendEvents(
  mend: (text: string) => string,
  place: Place = { lastId: '', retryMs: undefined },
): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  let tried = 0;
  /** Together, because a chunk may hold thousands of events. */
  const write = (events: string[], controller: TransformStreamDefaultController<Uint8Array>) => {
    tried = 0;
    const mended = events.map((event) => mendEvent(event, mend, place)).join('');
    controller.enqueue(new TextEncoder().encode(mended));
  };
  return new TransformStream({
    transform(chunk, controller) {
      const text = decoder.decode(chunk, { stream: true });
      const last = pieces.at(-1) ?? '';
      // An event ends with an empty line, whose line ends may arrive apart.
      if (!text.includes('\n\n') && !(last.endsWith('\n') && text.startsWith('\n'))) {
        if (text !== '') pieces.push(text);
        if (!/\}\n?$/.test(text.slice(-2)) || tried++ >= MOST_TRIED || !isWhole(pieces.join(''))) return;
        write([`${pieces.splice(0).join('').trimEnd()}\n\n`], controller);
        return;
      }
      const events = [...pieces.splice(0), text].join('').split('\n\n');
      const rest = events.pop() ?? '';
      write(
        events.map((event) => `${event}\n\n`),
        controller,
      );
      if (rest !== '') pieces.push(rest);
    },
    flush(controller) {
      const rest = pieces.join('') + decoder.decode();
      const { lastId } = place;
      if (rest !== '') write([`${rest}\n\n`], controller);
      // An event without its end may be cut: the server is asked for it again.
      place.lastId = lastId;
    },
  });
}

const dataOf = (lines: readonly string[]): string =>
  lines
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(line[5] === ' ' ? 6 : 5))
    .join('\n');

/** Whether the beginning of an event holds a whole answer. */
function isWhole(event: string): boolean {
  try {
    const message = JSON.parse(dataOf(event.split('\n'))) as { result?: unknown; error?: unknown };
    return (message.result ?? message.error ?? null) !== null;
  } catch {
    return false;
  }
}

/** Some servers name their events otherwise than `message`. */
const isMessage = (type: string | undefined, text: string): boolean =>
  type === undefined ||
  type === 'message' ||
  (type !== 'endpoint' && /^\s*[[{].*"jsonrpc"/s.test(text.slice(0, 500)));

function mendEvent(event: string, mend: (text: string) => string, place: Place): string {
  const lines = event.split('\n');
  const fieldOf = (name: string) =>
    lines
      .findLast((line) => line.startsWith(`${name}:`))
      ?.slice(name.length + 1)
      .trim();
  place.lastId = fieldOf('id') ?? place.lastId;
  const retry = fieldOf('retry');
  if (retry !== undefined && /^\d{1,9}$/.test(retry)) place.retryMs = Number(retry);
  const text = dataOf(lines);
  if (!lines.some((line) => line.startsWith('data:')) || !isMessage(fieldOf('event'), text)) return event;
  const others = lines.filter((line) => !/^(?:data|event):|^$/.test(line));
  const [first = '', ...more] = messagesOf(mend(text));
  return [[...others, ...dataLines(first)], ...more.map(dataLines)]
    .map((each) => `${each.join('\n')}\n\n`)
    .join('');
}

const dataLines = (text: string) => text.split('\n').map((line) => `data: ${line}`);

/** How many messages of a batch are read. */
const MOST_BATCHED = 1_000;

/** The messages of a batch, of which the SDK reads one an event. */
function messagesOf(text: string): string[] {
  if (!text.startsWith('[')) return [text];
  try {
    return (JSON.parse(text) as unknown[]).slice(0, MOST_BATCHED).map((message) => JSON.stringify(message));
  } catch {
    return [text];
  }
}
