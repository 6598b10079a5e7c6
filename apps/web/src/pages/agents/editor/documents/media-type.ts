/** What the api takes as a document. A file of another kind is sent as text, and refused with the reason where it is none. */
const BY_ENDING: [RegExp, 'application/pdf' | 'text/markdown'][] = [
  [/\.pdf$/i, 'application/pdf'],
  [/\.(md|markdown)$/i, 'text/markdown'],
];

/** The media type to send a file with. By its name: systems tell no type, or a wrong one, for Markdown and logs. */
export const mediaTypeOf = (name: string) =>
  BY_ENDING.find(([ending]) => ending.test(name))?.[1] ?? 'text/plain';
