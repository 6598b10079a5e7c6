import { decodeText } from './decode-text.js';
import { unescaped } from './read-form.js';

/** The headers of a part, with names in lower case. One may go on in a second line (RFC 5322, 2.2.3). */
export const headersOf = (head: string): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(
    head
      .replace(/\r?\n[ \t]/g, ' ')
      .split(/\r?\n/)
      .map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
      }),
  );

/**
 * A parameter of a header. Its value may be in quotes, inside which the text of another one means nothing.
 */
const PARAMETER = /;\s{0,9}([\w*-]{1,40})\s{0,9}=\s{0,9}(?:"((?:[^"\\]|\\.)*)"|([^";]*))/g;
/** A name with its charset: `filename*=UTF-8''Zo%C3%AB.txt` (RFC 8187). */
const EXTENDED = /^([\w-]{1,40})'[\w-]{0,40}'(.+)$/;
/** A piece of a long name: `filename*0*=UTF-8''Zo%C3; filename*1*=%AB.txt` (RFC 2231, section 3). */
const PIECE = /^filename\*(\d{1,2})(\*?)$/;

type Parameters = Map<string, string>;

/** The parameters of a disposition, with names in lower case. The last one of a name counts. */
const parametersOf = (disposition: string): Parameters =>
  new Map(
    // A backslash before anything but a quote is one: some browsers send `C:\\a.txt`.
    [...disposition.matchAll(PARAMETER)].map(([, name = '', quoted, bare = '']) => [
      name.toLowerCase(),
      quoted?.replaceAll('\\"', '"') ?? bare.trim(),
    ]),
  );

/** The names of a field and of its file. */
export function namesIn(disposition: string): { name: string | undefined; filename: string | undefined } {
  const parameters = parametersOf(disposition);
  return { name: parameters.get('name'), filename: filenameOf(parameters) };
}

/** An extended name that cannot be decoded is left as it was sent, if there is no plain one. */
function filenameOf(parameters: Parameters): string | undefined {
  const plain = parameters.get('filename');
  const [, label, escaped] = EXTENDED.exec(parameters.get('filename*') ?? joined(parameters)) ?? [];
  if (label === undefined || escaped === undefined) return plain;
  const bytes = Buffer.from(escaped.replaceAll('+', '%2B')).toString('latin1');
  const decoded = decodeText(unescaped(bytes), label);
  return decoded.ok ? decoded.text : (plain ?? escaped);
}

/** The pieces of a long name as one extended name; empty if there are none. */
function joined(parameters: Parameters): string {
  const pieces = [...parameters]
    .flatMap(([name, value]) => {
      const [, place, star] = PIECE.exec(name) ?? [];
      if (place === undefined) return [];
      return [
        { place: Number(place), text: star === '*' ? value : encodeURIComponent(value.toWellFormed()) },
      ];
    })
    .sort((a, b) => a.place - b.place);
  const text = pieces.map((piece) => piece.text).join('');
  if (pieces[0]?.place !== 0) return '';
  return EXTENDED.test(text) ? text : `UTF-8''${text}`;
}
