/**
 * The document types that the api accepts. Other files are sent as text; the api refuses them with a reason
 * if they are not.
 */
const BY_ENDING: [RegExp, 'application/pdf' | 'text/markdown'][] = [
  [/\.pdf$/i, 'application/pdf'],
  [/\.(md|markdown)$/i, 'text/markdown'],
];

/**
 * The media type to send a file with. It is chosen by name, because browsers report no type or a wrong one
 * for Markdown and log files.
 */
export const mediaTypeOf = (name: string) =>
  BY_ENDING.find(([ending]) => ending.test(name))?.[1] ?? 'text/plain';
