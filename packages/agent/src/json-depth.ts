const QUOTE = 34;
const BACKSLASH = 92;
const OPENING = new Set([91, 123]); // [ {
const CLOSING = new Set([93, 125]); // ] }

/**
 * Whether JSON text nests deeper than `most` levels. Scans the text once, without recursion: JSON.parse
 * accepts any depth, but JSON.stringify and schema checks then overflow the stack.
 */
export function nestsDeeper(json: string, most: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at++) {
    const character = json.charCodeAt(at);
    if (character === QUOTE) inString = !inString;
    else if (inString && character === BACKSLASH) at++;
    else if (inString) continue;
    else if (OPENING.has(character) && ++depth > most) return true;
    else if (CLOSING.has(character)) depth--;
  }
  return false;
}
