import { expect, test } from '@jest/globals';
import { guardFetch } from './guard-fetch.js';

const chunked = (chunks: string[]): typeof fetch =>
  (async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
        controller.close();
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }) as typeof fetch;

test.each([
  [['data: 1\r', '\n\r', '\ndata: 2\n\n'], 'data: 1\n\ndata: 2\n\n'],
  [['a\rb\r\r', 'c\n\n'], 'a\nb\n\nc\n\n'],
  [['plain\n', '\n'], 'plain\n\n'],
])('every line end of an event stream becomes LF: %j', async (chunks, text) => {
  const guarded = guardFetch(chunked(chunks), {
    transport: 'http',
    lifetime: new AbortController().signal,
    isOpening: () => false,
    onExcess: () => undefined,
    onSessionLost: () => undefined,
    mender: {
      asked: () => undefined,
      mend: (text) => text,
      isOpen: () => false,
      ownVersion: () => undefined,
    },
  });
  expect(await (await guarded('http://127.0.0.1/')).text()).toBe(text);
});
