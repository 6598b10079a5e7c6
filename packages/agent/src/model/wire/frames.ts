/** The type of Bedrock's streams: https://docs.aws.amazon.com/transcribe/latest/dg/event-stream.html */
const FRAMES = 'application/vnd.amazon.eventstream';

/** How much longer the frames of an answer may be than the answer: those of a token have about 250 bytes. */
const FRAMING = 16;
/** The longest frame, in bytes. The adapter copies a frame with each chunk that arrives of it. */
const LONGEST_FRAME = 1024 * 1024;
const LENGTH_BYTES = 4;

export const isFramed = (headers: Headers): boolean =>
  headers.get('content-type')?.startsWith(FRAMES) === true;

/**
 * Passes frames on. Fails with `tooLarge()` if they have more than 16 times `most` bytes together, or one
 * says that it is longer than 1 MiB.
 */
export function boundFrames(most: number, tooLarge: () => Error): TransformStream<Uint8Array, Uint8Array> {
  let total = 0;
  /** The bytes of the current frame that are still to come, once its length is known. */
  let left = 0;
  let length: number[] = [];
  return new TransformStream({
    transform(chunk, controller) {
      total += chunk.byteLength;
      if (total > most * FRAMING) return controller.error(tooLarge());
      for (let at = 0; at < chunk.byteLength; ) {
        if (left > 0) {
          const step = Math.min(left, chunk.byteLength - at);
          left -= step;
          at += step;
          continue;
        }
        length.push(chunk[at++] ?? 0);
        if (length.length < LENGTH_BYTES) continue;
        const frame = length.reduce((sum, byte) => sum * 256 + byte, 0);
        if (frame > LONGEST_FRAME) return controller.error(tooLarge());
        left = Math.max(0, frame - LENGTH_BYTES);
        length = [];
      }
      controller.enqueue(chunk);
    },
  });
}
