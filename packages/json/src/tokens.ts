const BACKSLASH = 0x5c;

/** The index of the quote that closes a string in JSON, or the length of the text. Linear over a text. */
export function endOfString(json: string, opening: number): number {
  let close = json.indexOf('"', opening + 1);
  while (close !== -1 && isEscaped(json, close)) close = json.indexOf('"', close + 1);
  return close === -1 ? json.length : close;
}

/** Whether an odd number of backslashes precedes. */
function isEscaped(json: string, at: number): boolean {
  let first = at;
  while (json.charCodeAt(first - 1) === BACKSLASH) first--;
  return (at - first) % 2 === 1;
}

const OF_NUMBERS = new Set(Array.from('0123456789.eE+-', (character) => character.charCodeAt(0)));

/** The index behind a number in JSON. */
export function endOfNumber(json: string, first: number): number {
  let end = first + 1;
  while (OF_NUMBERS.has(json.charCodeAt(end))) end++;
  return end;
}
