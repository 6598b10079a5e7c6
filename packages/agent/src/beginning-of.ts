/** How many characters show what a body is. */
const BEGINNING = 6;
/** How much white space may be before them, in bytes. */
const MOST_SPACE = 64 * 1024;

/**
 * The first characters of a body that are not white space, and the whole body, which fails where the given
 * one does.
 */
export async function beginningOf(
  body: ReadableStream<Uint8Array>,
): Promise<{ text: string; all: ReadableStream<Uint8Array> }> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const read: Uint8Array[] = [];
  let failure: { error: unknown } | undefined;
  const failed = (error: unknown) => {
    failure = { error };
    return { done: true as const, value: undefined };
  };
  let text = '';
  let bytes = 0;
  while (text.length < BEGINNING && bytes < MOST_SPACE) {
    const { done, value } = await reader.read().catch(failed);
    if (done) break;
    read.push(value);
    bytes += value.byteLength;
    text = (text + decoder.decode(value, { stream: true })).trimStart().slice(0, BEGINNING);
  }
  const all = new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const chunk of read) controller.enqueue(chunk);
    },
    pull: async (controller) => {
      if (failure) throw failure.error;
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { text, all };
}
