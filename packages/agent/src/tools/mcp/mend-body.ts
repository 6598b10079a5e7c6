/** Passes the text of a JSON body through `mend`. The body must be bounded. */
export function mendJson(mend: (text: string) => string): TransformStream<Uint8Array, Uint8Array> {
  const chunks: Uint8Array[] = [];
  return new TransformStream({
    transform: (chunk) => void chunks.push(chunk),
    flush: (controller) =>
      controller.enqueue(new TextEncoder().encode(mend(new TextDecoder().decode(Buffer.concat(chunks))))),
  });
}

/**
 * Passes the data of each `message` event of an event stream through `mend`. Lines must end with LF, and the
 * stream must be bounded. https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function mendEvents(mend: (text: string) => string): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  /** Together, because a chunk may hold thousands of events. */
  const write = (events: string[], controller: TransformStreamDefaultController<Uint8Array>) =>
    controller.enqueue(new TextEncoder().encode(events.map((event) => mendEvent(event, mend)).join('')));
  return new TransformStream({
    transform(chunk, controller) {
      const text = decoder.decode(chunk, { stream: true });
      const last = pieces.at(-1) ?? '';
      // An event ends with an empty line, whose line ends may arrive apart.
      if (!text.includes('\n\n') && !(last.endsWith('\n') && text.startsWith('\n'))) {
        if (text !== '') pieces.push(text);
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
      if (rest !== '') write([rest], controller);
    },
  });
}

function mendEvent(event: string, mend: (text: string) => string): string {
  const lines = event.split('\n');
  const type = lines.find((line) => line.startsWith('event:'));
  const data = lines.filter((line) => line.startsWith('data:'));
  if (data.length === 0 || (type !== undefined && type.slice(6).trim() !== 'message')) return event;
  const text = data.map((line) => line.slice(line[5] === ' ' ? 6 : 5)).join('\n');
  const others = lines.filter((line) => !line.startsWith('data:') && line !== '');
  return [
    ...others,
    ...mend(text)
      .split('\n')
      .map((line) => `data: ${line}`),
    '',
    '',
  ].join('\n');
}
