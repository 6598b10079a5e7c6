import type { ServerResponse } from 'node:http';
import { finished, Readable } from 'node:stream';
import type { FastifyBaseLogger } from 'fastify';

const HEARTBEAT_MS = 15_000;
/** How often all streams are looked at, in ms. */
const LOOK_MS = 1_000;

/** A reader who takes nothing for so long is cut off, in ms; it may resume. */
const STALL_MS = 30_000;

/** What may wait for slow readers in this process, in bytes; beyond it, who takes nothing at that moment is cut off. */
const MAX_HELD_BYTES = 64 * 1_048_576;

/** How long readers may take their last bytes when the process stops, in ms. */
const CLOSE_MS = 500;

/** How the stream begins: a client whose connection was lost comes back after 2 s. */
const PREAMBLE = 'retry: 2000\n\n';

/** Server-Sent Events to many readers: https://html.spec.whatwg.org/multipage/server-sent-events.html */
export interface EventStreams {
  /**
   * The body of an answer: `chunks`, each as soon as the reader has taken the one before, and heartbeats in between. It
   * ends when they do. When the reader has gone, or was cut off, `onGone` is called and `chunks` are asked no more.
   */
  open(chunks: AsyncIterable<string>, response: ServerResponse, onGone: () => void): Readable;
  readonly size: number;
  /** Ends all streams, and cuts off who does not take their end. */
  close(): Promise<void>;
}

interface Stream {
  body: Readable;
  response: ServerResponse;
  /** Resolves when the answer has been given whole, or its reader has gone. */
  gone: Promise<void>;
  /** When something was written last. */
  wroteAt: number;
  /** What the reader had not taken at the last look, in bytes, and since when it has taken nothing. */
  held: number;
  heldSince: number;
}

/** One timer looks after all streams, while there are some. */
export function createEventStreams(
  log: FastifyBaseLogger,
  limits = { stallMs: STALL_MS, maxHeldBytes: MAX_HELD_BYTES },
): EventStreams {
  const streams = new Set<Stream>();
  let looking: NodeJS.Timeout | undefined;

  const look = () => {
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
        log.info({ held_bytes: bytes, stalled }, 'a reader of events was too slow and is cut off');
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
        // There was room for it, so the reader has taken something.
        stream.wroteAt = stream.heldSince = performance.now();
        if (!body.destroyed && !body.push(chunk)) await room();
        if (body.destroyed) return;
      }
    } catch (error) {
      log.error({ err: error }, 'a stream of events broke off');
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
            clearInterval(looking);
            looking = undefined;
          }
          resolve();
        });
      });
      const stream: Stream = { body, response, gone, wroteAt: now, held: 0, heldSince: now };
      streams.add(stream);
      looking ??= setInterval(look, LOOK_MS);
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
