/**
 * Marks a text as data. Senders and tools may know the tag, which derives from the task's id, so it is
 * removed from the text: the text cannot close it.
 */
export const fenceText = (tag: string, text: string): string => `<${tag}>${withoutTag(tag, text)}</${tag}>`;

/** A text without a fence tag, in any letter case. */
export function withoutTag(tag: string, text: string): string {
  // Compiling an expression for each task costs more than this look, which hardly ever finds the tag.
  const isIn = text.toLowerCase().includes(tag.toLowerCase());
  return isIn ? text.replace(new RegExp(tag, 'gi'), 'data') : text;
}
