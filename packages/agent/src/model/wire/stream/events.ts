/**
 * How much longer a stream may be than an answer. A token has a few hundred characters, and a comment that
 * keeps a connection open comes every few seconds.
 */
const FRAMING = 32;

/** An event of a stream. */
interface StreamEvent {
  data: string;
  /** Whether its type is `error`. */
  isError: boolean;
}

/**
 * The events of an event stream: https://html.spec.whatwg.org/multipage/server-sent-events.html;
 * a line that begins as a JSON object is an event of its own. Comments keep a connection open and are
 * skipped. Throws the stream's error if it breaks off, and `tooLong()` for a line of more than `longest`
 * characters, or once more than FRAMING times as many have come, comments and all.
 */
export async function* eventData(
  body: ReadableStream<Uint8Array>,
  longest: number,
  tooLong: () => Error,
): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  let isSplit = false;
  let data: string[] = [];
  let isError = false;
  let held = 0;
  let total = 0;
  const eventAt = (line: string): StreamEvent | undefined => {
    if (line.startsWith('{')) return { data: line, isError: false };
    if (line.startsWith('event:')) isError = line.slice('event:'.length).trim() === 'error';
    else if (line.startsWith('data:')) {
      data.push(line.slice(line[5] === ' ' ? 6 : 5));
      held += line.length;
    } else if (line.startsWith('error:')) {
      // llama.cpp reports an error in a field of its own.
      data.push(`{"error":${line.slice('error:'.length)}}`);
      held += line.length;
    }
    if (line !== '') return undefined;
    const event = data.length > 0 ? { data: data.join('\n'), isError } : undefined;
    data = [];
    isError = false;
    held = 0;
    return event;
  };
  for await (const chunk of body) {
    // The line feed after a carriage return may come with the next chunk.
    const added: string = `${isSplit ? '\r' : ''}${decoder.decode(chunk, { stream: true })}`;
    total += added.length;
    if (total > longest * FRAMING) throw tooLong();
    isSplit = added.endsWith('\r');
    const lines = (isSplit ? added.slice(0, -1) : added).split(/\r\n|\n|\r/);
    lines[0] = rest + (lines[0] ?? '');
    rest = lines.pop() ?? '';
    if (rest.length > longest) throw tooLong();
    for (const line of lines) {
      const event = eventAt(line);
      if (held > longest) throw tooLong();
      if (event) yield event;
    }
  }
  // The last event of some servers has no empty line after it.
  for (const line of [rest, '']) {
    const event = eventAt(line);
    if (event) yield event;
  }
}

/** A body as the data of one event. Throws as `eventData` does. */
export async function* wholeBody(
  body: ReadableStream<Uint8Array>,
  longest: number,
  tooLong: () => Error,
): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let data = '';
  for await (const chunk of body) {
    data += decoder.decode(chunk, { stream: true });
    if (data.length > longest) throw tooLong();
  }
  yield { data: data + decoder.decode(), isError: false };
}
