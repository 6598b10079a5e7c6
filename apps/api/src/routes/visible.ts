/**
 * Controls, marks that change the direction of a text, and other characters that nobody sees. The Studio
 * imports no code of the api, and has the same list in components/hidden-characters.ts.
 */
const HIDDEN =
  /[^\P{Cc}\t\n\r]|\p{Cf}|[\u2028\u2029\u115f\u1160\u3164\uffa0]|[\u{fe00}-\u{fe0d}]|[\u{e0100}-\u{e01ef}]/gu;

/** A character as JSON escapes it, so that a value stays the same where it is read again. */
const asCode = (character: string): string =>
  character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A text in which each hidden character is shown as its code, for a person who decides. */
export const visible = (text: string): string => text.replace(HIDDEN, asCode);
