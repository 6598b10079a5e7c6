/** A part of a multipart body, as views of it. */
export interface RawPart {
  /** Its header lines, without the empty one. */
  head: Buffer;
  content: Buffer;
}

/** Longest header of a part, in bytes. */
const MAX_HEAD = 16 * 1024;
/** White space behind a boundary (RFC 2046, 5.1.1). */
const PADDING = /^[ \t]{0,99}/;

/**
 * Splits a body at the lines that begin with its boundary: https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1.
 * Linear. Lines end as the first boundary's does: in CR and LF, or, as some scripts write them, in LF alone.
 *
 * @returns the parts, of which there may be one more than `most`; or why there are none, for the sender
 */
export function splitParts(body: Buffer, boundary: string, most: number): RawPart[] | string {
  const opening = openingOf(body, boundary);
  if (opening === undefined) return 'the boundary of Content-Type does not occur in it';
  const { lineEnd } = opening;
  const delimiter = `${lineEnd}--${boundary}`;
  const parts: RawPart[] = [];
  let { end: at } = opening;
  while (parts.length <= most) {
    const empty = body.indexOf(lineEnd, at) === at;
    const headEnd = empty ? at : body.indexOf(lineEnd + lineEnd, at);
    // The empty line may also be the one before a boundary.
    const found = delimiterAfter(body, delimiter, lineEnd, empty ? at : at + 1);
    if (found === undefined) return 'the boundary that ends it is missing';
    if (headEnd === -1 || headEnd > found.start)
      return `part ${parts.length + 1} has no empty line behind its headers`;
    if (headEnd - at > MAX_HEAD) return `the headers of part ${parts.length + 1} have more than 16 KiB`;
    const start = Math.min(headEnd + (empty ? 1 : 2) * lineEnd.length, found.start);
    parts.push({ head: body.subarray(at, headEnd), content: body.subarray(start, found.start) });
    if (found.end === undefined) return parts;
    at = found.end;
  }
  return parts;
}

/** The first boundary. Text before it is to be ignored. */
function openingOf(body: Buffer, boundary: string): { lineEnd: '\r\n' | '\n'; end: number } | undefined {
  const line = `--${boundary}`;
  for (let at = body.indexOf(line); at !== -1; at = body.indexOf(line, at + 1)) {
    if (at !== 0 && body[at - 1] !== 0x0a) continue;
    for (const lineEnd of ['\r\n', '\n'] as const) {
      const end = endOfLine(body, at + line.length, lineEnd);
      if (end !== undefined) return { lineEnd, end };
    }
  }
  return undefined;
}

/**
 * The next boundary, and where its line ends; nowhere for the last one. A longer line is content, unless only
 * such a line can be the last boundary.
 */
function delimiterAfter(
  body: Buffer,
  delimiter: string,
  lineEnd: string,
  from: number,
): { start: number; end: number | undefined } | undefined {
  let last: { start: number; end: undefined } | undefined;
  for (let start = body.indexOf(delimiter, from); start !== -1; start = body.indexOf(delimiter, start + 1)) {
    const behind = start + delimiter.length;
    const end = endOfLine(body, behind, lineEnd);
    if (end !== undefined) return { start, end };
    if (body.toString('latin1', behind, behind + 2) !== '--') continue;
    const isWhole = endOfLine(body, behind + 2, lineEnd) !== undefined || isBlank(body, behind + 2);
    if (isWhole) return { start, end: undefined };
    last ??= { start, end: undefined };
  }
  return last;
}

/** Whether the body ends at `at`, but for a little white space. */
const isBlank = (body: Buffer, at: number): boolean =>
  body.length - at < 100 && body.toString('latin1', at).trim() === '';

/** Where the line after `at` begins, if nothing but white space is before it. */
function endOfLine(body: Buffer, at: number, lineEnd: string): number | undefined {
  const [padding = ''] = PADDING.exec(body.toString('latin1', at, at + 100)) ?? [];
  const end = at + padding.length;
  const isEnd = body.toString('latin1', end, end + lineEnd.length) === lineEnd;
  return isEnd ? end + lineEnd.length : undefined;
}
