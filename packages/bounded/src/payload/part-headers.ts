import { isUtf8 } from 'node:buffer';
import { decodeText } from './decode-text.js';
import { unescaped } from './read-form.js';

/** The headers of a part, with names in lower case. */
export type PartHeaders = Readonly<Record<string, string | undefined>>;

/** Whether a header goes on in a second line, which the parser leaves out (RFC 5322, 2.2.3). */
export const isFolded = (header = ''): boolean => header.trimEnd().endsWith(';');

/** The headers of a part from their bytes, with all their lines; undefined if those are not UTF-8. */
export function unfoldedHeaders(bytes: Buffer): PartHeaders | undefined {
  if (!isUtf8(bytes)) return undefined;
  const lines = bytes
    .toString()
    .replace(/\r\n[ \t]/g, ' ')
    .split('\r\n');
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

const NAME = /;\s{0,9}name\s{0,9}=\s{0,9}(?:"([^"]*)"|([^\s";]+))/i;
/** A name with its charset: `filename*=UTF-8''Zo%C3%AB.txt` (RFC 8187). */
const EXTENDED = /;\s{0,9}filename\*=\s{0,9}"?([\w-]{1,40})'[\w-]{0,40}'([^";]+)/i;
const PLAIN = /;\s{0,9}filename\s{0,9}=\s{0,9}(?:"([^"]*)"|([^\s";]+))/i;
/** A piece of a long name: `filename*0*=UTF-8''Zo%C3; filename*1*=%AB.txt` (RFC 2231, section 3). */
const PIECE = /;\s{0,9}filename\*(\d{1,2})(\*?)=\s{0,9}(?:"([^"]*)"|([^\s";]+))/gi;

/** The name of a field, where the parser has found none. Names of parameters may be in upper case. */
export function nameIn(disposition: string): string | undefined {
  const [, quoted, bare] = NAME.exec(disposition) ?? [];
  return quoted ?? bare;
}

/**
 * The name of a file; `plain` if only the parser reads one. An extended name that cannot be decoded is left
 * as it was sent, if there is no plain one. The parser would replace bytes of it.
 */
export function filenameIn(disposition: string, plain: () => string | undefined): string | undefined {
  const [, label, escaped] = EXTENDED.exec(disposition) ?? EXTENDED.exec(joined(disposition)) ?? [];
  const [, quoted, bare] = PLAIN.exec(disposition) ?? [];
  if (label === undefined || escaped === undefined) return plain() ?? quoted ?? bare;
  const bytes = Buffer.from(escaped.trim().replaceAll('+', '%2B')).toString('latin1');
  const decoded = decodeText(unescaped(bytes), label);
  return decoded.ok ? decoded.text : (quoted ?? bare ?? escaped);
}

/** The pieces of a long name as one extended parameter; empty if there are none. */
function joined(disposition: string): string {
  const pieces = [...disposition.matchAll(PIECE)]
    .map(([, place, star, quoted, bare]) => ({
      place: Number(place),
      text: star === '*' ? (quoted ?? bare ?? '') : encodeURIComponent((quoted ?? bare ?? '').toWellFormed()),
    }))
    .sort((a, b) => a.place - b.place);
  const text = pieces.map((piece) => piece.text).join('');
  if (pieces[0]?.place !== 0) return '';
  return `; filename*=${/^[\w-]{1,40}'[\w-]{0,40}'/.test(text) ? '' : "UTF-8''"}${text}`;
}
