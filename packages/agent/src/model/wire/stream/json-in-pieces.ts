const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const SPACE = 0x20;

/** Follows a JSON object or list that arrives in pieces, and looks at each character once. */
export interface JsonInPieces {
  add(piece: string): void;
  /** Whether all brackets are closed, whatever their kind, and only white space has followed. */
  isClosed(): boolean;
}

export function followJson(): JsonInPieces {
  let depth = 0;
  let place: 'before' | 'inside' | 'string' | 'escape' | 'behind' | 'broken' = 'before';
  const read = (character: number): typeof place => {
    if (place === 'escape') return 'string';
    if (place === 'string')
      return character === BACKSLASH ? 'escape' : character === QUOTE ? 'inside' : place;
    if (character <= SPACE || place === 'broken') return place;
    const isOpening = character === OPEN_OBJECT || character === OPEN_LIST;
    if (place === 'behind' || (place === 'before' && !isOpening)) return 'broken';
    if (character === QUOTE) return 'string';
    if (isOpening) depth++;
    else if ((character === CLOSE_OBJECT || character === CLOSE_LIST) && --depth === 0) return 'behind';
    return 'inside';
  };
  return {
    add: (piece) => {
      for (let at = 0; at < piece.length; at++) place = read(piece.charCodeAt(at));
    },
    isClosed: () => place === 'behind',
  };
}
