/** Controls, marks that change the direction of a text, and others that nobody sees. */
const HIDDEN = /[^\P{Cc}\t\n\r]|\p{Cf}|[\u2028\u2029\u115f\u1160\u3164\uffa0]/gu;

/** A character as JSON escapes it, so that a value stays the same where it is read again. */
const asCode = (character: string): string =>
  character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** A text with all that is in it, for a person who decides. */
export const visible = (text: string): string => text.replace(HIDDEN, asCode);
