/**
 * Marks a text as data. Senders and tools may know the tag, which derives from the task's id, so it is
 * removed from the text: the text cannot close it.
 */
export const fenceText = (tag: string, text: string): string => `<${tag}>${withoutTag(tag, text)}</${tag}>`;

/** Stands for a tag in a text. It begins and ends as no tag does, so it completes none. */
const NO_TAG = '(data)';

/**
 * A text without a fence tag, in any letter case. Whole marks are removed: a captured part of a template has
 * marks of its own, and is marked again where it is inserted.
 */
export function withoutTag(tag: string, text: string): string {
  // Compiling expressions for each task costs more than this look, which hardly ever finds the tag.
  if (!text.toLowerCase().includes(tag.toLowerCase())) return text;
  return text.replace(new RegExp(`</?${tag}>`, 'gi'), '').replace(new RegExp(tag, 'gi'), NO_TAG);
}
