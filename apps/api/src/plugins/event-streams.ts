import type { ServerResponse } from 'node:http';
import { finished, Readable } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';

const HEARTBEAT_MS = 15_000;
/** How often all streams are checked, in ms. */
const CHECK_MS = 1_000;

/** A reader that reads nothing for this long is disconnected, in ms. It may resume. */
const STALL_MS = 30_000;

/**
 * Upper bound for unread data of all readers in this process, in bytes. Above it, readers that are not
 * reading are disconnected.
 */
const MAX_HELD_BYTES = 64 * 1_048_576;

/** How long readers have to read their last bytes when the process stops, in ms. */
const CLOSE_MS = 500;

/** The start of the stream. It tells clients to reconnect after 2 s. */
const PREAMBLE = 'retry: 2000\n\n';

/** Server-Sent Events for many readers: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface EventStreams {
  /**
   * The body of an answer: each of the `chunks` once the reader has read the one before, with heartbeats in
   * between. It ends when `chunks` ends. When the reader leaves or is disconnected, `onGone` is called and no
   * further chunk is read.
   */
  open(chunks: AsyncIterable<string>, response: ServerResponse, onGone: () => void): Readable;
  readonly size: number;
  /** Ends all streams and disconnects readers that do not read the end. */
  close(): Promise<void>;
}

interface Stream {
  body: Readable;
  response: ServerResponse;
  /** Resolves when the whole answer was sent or the reader left. */
  gone: Promise<void>;
  /** When data was last written. */
  wroteAt: number;
  /** The unread bytes at the last check. */
  held: number;
  heldSince: number;
}

/** One timer checks all streams while there are any. */
export function createEventStreams(
  log: FastifyBaseLogger,
  limits = { stallMs: STALL_MS, maxHeldBytes: MAX_HELD_BYTES },
): EventStreams {
  const streams = new Set<Stream>();
  let timer: NodeJS.Timeout | undefined;

  const check = () => {
    const now = performance.now();
    let held = 0;
    for (const stream of streams) {
      const { body, response } = stream;
      const bytes = body.readableLength + response.writableLength;
      if (bytes === 0 || bytes < stream.held) stream.heldSince = now;
      stream.held = bytes;
      held += bytes;
      const stalled = now - stream.heldSince > limits.stallMs;
      if (stalled || (bytes > 0 && held > limits.maxHeldBytes)) {
        log.info({ held_bytes: bytes, stalled }, 'a slow event reader was disconnected');
        response.destroy();
      } else if (bytes === 0 && now - stream.wroteAt >= HEARTBEAT_MS) {
        stream.wroteAt = now;
        body.push(': keep-alive\n\n');
      }
    }
  };

  const pump = async (stream: Stream, chunks: AsyncIterable<string>, room: () => Promise<void>) => {
    const { body } = stream;
    try {
      for await (const chunk of chunks) {
        // The buffer had room, so the reader has read something.
        stream.wroteAt = stream.heldSince = performance.now();
        if (!body.destroyed && !body.push(chunk)) await room();
        if (body.destroyed) return;
      }
    } catch (error) {
      log.error({ err: error }, 'an event stream failed');
    }
    if (!body.destroyed) body.push(null);
  };

  return {
    open: (chunks, response, onGone) => {
      let wanted = () => {};
      const body = new Readable({
        read: () => wanted(),
        destroy: (error, done) => {
          wanted();
          done(error);
        },
      });
      const now = performance.now();
      const gone = new Promise<void>((resolve) => {
        finished(response, () => {
          body.destroy();
          onGone();
          streams.delete(stream);
          if (streams.size === 0) {
            clearInterval(timer);
            timer = undefined;
          }
          resolve();
        });
      });
      const stream: Stream = { body, response, gone, wroteAt: now, held: 0, heldSince: now };
      streams.add(stream);
      timer ??= setInterval(check, CHECK_MS);
      body.push(PREAMBLE);
      const room = () =>
        new Promise<void>((resolve) => {
          wanted = resolve;
          if (body.destroyed) resolve();
        });
      void pump(stream, chunks, room);
      return body;
    },
    get size() {
      return streams.size;
    },
    close: async () => {
      const late = setTimeout(() => {
        for (const { response } of streams) response.destroy();
      }, CLOSE_MS);
      await Promise.all([...streams].map(({ gone }) => gone));
      clearTimeout(late);
    },
  };
}
