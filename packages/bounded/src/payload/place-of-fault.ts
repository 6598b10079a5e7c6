type Expected = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | ', or end';

const SPACE = new Set([' ', '\t', '\n', '\r']);
const WORDS = ['true', 'false', 'null'];
const HEX4 = /^[0-9a-fA-F]{4}$/;

/** The index behind a string that begins at `at`, or of the character that does not belong there. */
function behindString(json: string, at: number): { end: number } | { fault: number } {
  for (let n = at + 1; n < json.length; n++) {
    const character = json.charAt(n);
    if (character === '"') return { end: n + 1 };
    if (character < ' ') return { fault: n };
    if (character !== '\\') continue;
    n++;
    if (json[n] === 'u' && HEX4.test(json.slice(n + 1, n + 5))) n += 4;
    else if (!'"\\/bfnrt'.includes(json[n] ?? ' ')) return { fault: n };
  }
  return { fault: json.length };
}

/** The index behind a number or a word that begins at `at`; undefined if there is none. */
function behindPlain(json: string, at: number): number | undefined {
  const word = WORDS.find((each) => json.startsWith(each, at));
  if (word !== undefined) return at + word.length;
  const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
  number.lastIndex = at;
  return number.test(json) ? number.lastIndex : undefined;
}

/**
 * The index of the first character that keeps a text from being JSON, its length if the text ends too early,
 * -1 for JSON. Linear. V8 does not always report it.
 */
export function placeOfFault(json: string): number {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  let at = 0;
  for (;;) {
    while (SPACE.has(json.charAt(at))) at++;
    const character = json.charAt(at);
    if (character === '') return expected === ', or end' && open.length === 0 ? -1 : at;
    const isEnd = (character === '}' || character === ']') && open.at(-1) === (character === '}' ? '{' : '[');
    if (isEnd && (expected === ', or end' || expected.endsWith(character))) {
      open.pop();
      expected = ', or end';
      at++;
    } else if (expected === ':') {
      if (character !== ':') return at;
      expected = 'value';
      at++;
    } else if (expected === ', or end') {
      if (character !== ',' || open.length === 0) return at;
      expected = open.at(-1) === '{' ? 'name' : 'value';
      at++;
    } else if (character === '"') {
      const read = behindString(json, at);
      if ('fault' in read) return read.fault;
      expected = expected.startsWith('name') ? ':' : ', or end';
      at = read.end;
    } else if (expected.startsWith('name')) {
      return at;
    } else if (character === '{' || character === '[') {
      open.push(character);
      expected = character === '{' ? 'name or }' : 'value or ]';
      at++;
    } else {
      const end = behindPlain(json, at);
      if (end === undefined) return at;
      expected = ', or end';
      at = end;
    }
  }
}

/** A place in a text, for a person. */
export function lineAndColumn(text: string, at: number): string {
  const before = text.slice(0, at).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
