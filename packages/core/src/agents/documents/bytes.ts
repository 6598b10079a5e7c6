/**
 * Appends to a growing buffer. Numbers are integers from 0 to 2^31 - 1 in LEB128: seven bits a byte, lowest
 * first.
 */
export interface ByteWriter {
  readonly length: number;
  number(value: number): void;
  byte(value: number): void;
  bytes(value: Uint8Array): void;
  /** The bytes written so far. The memory is reused after `clear`. */
  written(): Buffer;
  clear(): void;
}

export function writeBytes(): ByteWriter {
  let buffer = Buffer.allocUnsafe(1024);
  let length = 0;
  const reserve = (more: number) => {
    if (length + more <= buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(buffer.length * 2, length + more));
    buffer.copy(grown, 0, 0, length);
    buffer = grown;
  };
  return {
    get length() {
      return length;
    },
    number(value) {
      reserve(5);
      let rest = value;
      for (; rest >= 0x80; rest >>>= 7) buffer[length++] = (rest & 0x7f) | 0x80;
      buffer[length++] = rest;
    },
    byte(value) {
      reserve(1);
      buffer[length++] = value;
    },
    bytes(value) {
      reserve(value.length);
      buffer.set(value, length);
      length += value.length;
    },
    written: () => buffer.subarray(0, length),
    clear() {
      length = 0;
    },
  };
}

/** Reads what `writeBytes` wrote. Throws RangeError if the bytes end too early. */
export interface ByteReader {
  /** Whether bytes are left. */
  more(): boolean;
  number(): number;
  byte(): number;
  bytes(length: number): Buffer;
}

export function readBytes(buffer: Buffer): ByteReader {
  let at = 0;
  const byte = () => {
    const value = buffer[at++];
    if (value === undefined) throw new RangeError('the bytes end too early');
    return value;
  };
  return {
    more: () => at < buffer.length,
    byte,
    number() {
      let value = 0;
      for (let shift = 0; shift < 35; shift += 7) {
        const part = byte();
        value |= (part & 0x7f) << shift;
        if (part < 0x80) return value;
      }
      throw new RangeError('no number');
    },
    bytes(length) {
      at += length;
      if (at > buffer.length) throw new RangeError('the bytes end too early');
      return buffer.subarray(at - length, at);
    },
  };
}
