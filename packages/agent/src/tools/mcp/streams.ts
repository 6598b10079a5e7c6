const CR = 13;
const LF = 10;

/**
 * JSON-RPC leaves -32000 and below to implementations, https://www.jsonrpc.org/specification#error_object.
 */
export const LOST = -32_000;

/** Converts every line end to LF: the SDK's event stream parser rescans its whole buffer for each CR. */
export function lineFeeds(): TransformStream<Uint8Array, Uint8Array> {
  let isAfterCr = false;
  return new TransformStream({
    transform(chunk, controller) {
      if (!isAfterCr && !chunk.includes(CR)) return controller.enqueue(chunk);
      const lines = new Uint8Array(chunk.length);
      let length = 0;
      for (const byte of chunk) {
        if (byte !== LF || !isAfterCr) lines[length++] = byte === CR ? LF : byte;
        isAfterCr = byte === CR;
      }
      controller.enqueue(lines.subarray(0, length));
    },
  });
}

/** How a stream ended. */
export interface Ending {
  why: string;
  isExcess: boolean;
}

export const CLOSED = 'closed the connection before it answered';

/** A stream that ends where the given one fails, or where `excess` gives a reason. */
export function endInsteadOfFail(
  body: ReadableStream<Uint8Array>,
  excess: (bytes: number) => string | undefined,
  onEnd: (ending: Ending) => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const cancel = () => reader.cancel().catch(() => {});
  let cancelled = false;

  /** The next bytes or, at the end, how the stream ended. */
  async function read(): Promise<Uint8Array | Ending> {
    try {
      const { done, value } = await reader.read();
      if (done) return { why: CLOSED, isExcess: false };
      const why = excess(value.byteLength);
      if (why === undefined) return value;
      await cancel();
      return { why, isExcess: true };
    } catch {
      return { why: 'broke the connection before it answered', isExcess: false };
    }
  }

  return new ReadableStream({
    pull: async (controller) => {
      const chunk = await read();
      if (cancelled) return;
      if (chunk instanceof Uint8Array) return controller.enqueue(chunk);
      onEnd(chunk);
      controller.close();
    },
    cancel: () => {
      cancelled = true;
      return cancel();
    },
  });
}

/** Begins with an empty line, because the stream may have ended within an event. */
export function lastEvent(id: string | number, what: string): string {
  const message = { jsonrpc: '2.0', id, error: { code: LOST, message: `The server ${what}.` } };
  return `\n\nevent: message\ndata: ${JSON.stringify(message)}\n\n`;
}
