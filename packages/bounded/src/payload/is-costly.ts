import { MULTIPART, readMediaType } from './media-type.js';

/** Up to this many parts, or long numbers, take less than 2 ms. */
const CHEAP_PARTS = 250;
const CHEAP_NUMBERS = 1_000;
/** No body with fewer bytes has as many. */
const CHEAP_BYTES = 2 * CHEAP_NUMBERS;

/** Every number of fewer digits survives a double, unless it is -0 or has an exponent. */
const LONG_DIGITS = 16;
const [MINUS, POINT, ZERO, NINE, LOWER_CASE, E] = [0x2d, 0x2e, 0x30, 0x39, 0x20, 0x65];

/**
 * Whether a body takes much longer to parse than others of its length: a form of many parts, or JSON of many
 * numbers that may need their digits. Takes 0.1 ms for 64 KiB. Digits inside of strings count too.
 */
export function isCostly(bytes: Buffer, contentType: string | undefined): boolean {
  if (bytes.length <= CHEAP_BYTES) return false;
  const isForm = readMediaType(contentType).essence === MULTIPART;
  // A part may be JSON, too.
  return (isForm && hasManyParts(bytes)) || hasManyLongNumbers(bytes);
}

function hasManyParts(bytes: Buffer): boolean {
  let parts = 0;
  for (let at = bytes.indexOf('\n--'); at !== -1 && parts <= CHEAP_PARTS; at = bytes.indexOf('\n--', at + 1))
    parts++;
  return parts > CHEAP_PARTS;
}

function hasManyLongNumbers(bytes: Buffer): boolean {
  let [numbers, digits, before] = [0, 0, 0];
  for (let at = 0; at < bytes.length && numbers <= CHEAP_NUMBERS; at++) {
    const byte = bytes[at] as number;
    // UTF-16 and UTF-32 have bytes of zero around an ASCII character.
    if (byte === 0) continue;
    if (isDigit(byte) || (byte === POINT && digits > 0)) {
      if (++digits === LONG_DIGITS || (byte === ZERO && digits === 1 && before === MINUS)) numbers++;
    } else {
      if (digits > 0 && (byte | LOWER_CASE) === E) numbers++;
      digits = 0;
    }
    before = byte;
  }
  return numbers > CHEAP_NUMBERS;
}

const isDigit = (byte: number): boolean => byte >= ZERO && byte <= NINE;
