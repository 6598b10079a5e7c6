const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];

/** How many values of a text are found. */
const MOST_FOUND = 5;
/** How many brackets that open no value are tried. Each may cost a scan of the text. */
const MOST_TRIED = 5;

/**
 * The outermost objects and lists in a text, as text: those in a fence, or between prose.
 * Brackets are counted, not checked. Linear in the text's length.
 */
export function findJson(text: string): string[] {
  const found: string[] = [];
  let tried = 0;
  for (let at = 0; at < text.length && found.length < MOST_FOUND && tried < MOST_TRIED; at++) {
    const character = text.charCodeAt(at);
    if (character !== OPEN_OBJECT && character !== OPEN_LIST) continue;
    const end = endOfJson(text, at);
    if (end === -1) tried++;
    else {
      found.push(text.slice(at, end));
      at = end - 1;
    }
  }
  return found;
}

/** The index after the value that begins at `begin`; -1 if it does not end. */
export function endOfJson(text: string, begin: number): number {
  let depth = 0;
  let inString = false;
  for (let at = begin; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (inString) {
      if (character === BACKSLASH) at++;
      else if (character === QUOTE) inString = false;
    } else if (character === QUOTE) inString = true;
    else if (character === OPEN_OBJECT || character === OPEN_LIST) depth++;
    else if ((character === CLOSE_OBJECT || character === CLOSE_LIST) && --depth === 0) return at + 1;
  }
  return -1;
}
