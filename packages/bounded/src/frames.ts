/**
 * The protocol between a process and its helper: frames of several parts. A frame is the number of parts,
 * then each part's length (32 bits, big-endian) and bytes. Bytes and long texts travel unescaped, not as
 * JSON.
 */
export function encodeFrame(parts: readonly (string | Uint8Array)[]): Buffer[] {
  const out: Buffer[] = [lengthOf(parts.length)];
  for (const part of parts) {
    const bytes =
      typeof part === 'string' ? Buffer.from(part) : Buffer.from(part.buffer, part.byteOffset, part.length);
    out.push(lengthOf(bytes.length), bytes);
  }
  return out;
}

function lengthOf(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** Collects incoming bytes and passes on each complete frame as its parts. */
export function createFrameReader(onFrame: (parts: Buffer[]) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let have = 0;
  let need = 4;
  let parts: Buffer[] = [];
  let missing = 0;
  let state: 'count' | 'length' | 'part' = 'count';

  const take = (): Buffer => {
    const all = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    const taken = all.subarray(0, need);
    const rest = all.subarray(need);
    chunks = rest.length > 0 ? [rest] : [];
    have = rest.length;
    return taken;
  };
  const step = (bytes: Buffer): void => {
    if (state === 'count') {
      missing = bytes.readUInt32BE();
      [state, need] = ['length', 4];
    } else if (state === 'length') {
      [state, need] = ['part', bytes.readUInt32BE()];
    } else {
      parts.push(bytes);
      missing -= 1;
      [state, need] = ['length', 4];
      if (missing > 0) return;
      const whole = parts;
      [parts, state] = [[], 'count'];
      onFrame(whole);
    }
  };
  return (chunk) => {
    chunks.push(chunk);
    have += chunk.length;
    while (have >= need) step(take());
  };
}
