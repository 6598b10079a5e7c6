const [QUOTE, BACKSLASH, COLON] = [0x22, 0x5c, 0x3a];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

export interface JsonShape {
  /** How deeply lists and objects nest. */
  depth: number;
  /** Members of all objects together. */
  members: number;
}

/**
 * The shape of JSON text, read from its brackets and colons in one pass. Parsing costs up to 2 µs per member,
 * so the shape of a body is known before it is parsed. Text that is not JSON has some shape too.
 */
export function jsonShape(text: string): JsonShape {
  const shape = { depth: 0, members: 0 };
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === QUOTE) at = endOfString(text, at);
    else if (character === COLON) shape.members += 1;
    else if (OPENING.has(character)) shape.depth = Math.max(shape.depth, ++open);
    else if (CLOSING.has(character)) open -= 1;
  }
  return shape;
}

/** The index of the closing quote, or the end of the text. */
function endOfString(text: string, opening: number): number {
  for (let at = opening + 1; at < text.length; at++) {
    const character = text.charCodeAt(at);
    if (character === BACKSLASH) at += 1;
    else if (character === QUOTE) return at;
  }
  return text.length;
}
