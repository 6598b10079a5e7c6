const BEGIN = /\{[{%]/g;
/** The end of an output, or a text in quotes, which may contain one. */
const END_OF_OUTPUT = /\}\}|"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)|'(?:[^'\\]|\\[\s\S])*(?:'|\\?$)/g;
/** The end of a tag. In LiquidJS, quotes do not hide it. */
const END_OF_TAG = /%\}/g;

/** How many characters of a template are within tags and outputs. Linear. */
export function charactersInTags(source: string): number {
  let inTags = 0;
  let at = 0;
  for (;;) {
    BEGIN.lastIndex = at;
    const begin = BEGIN.exec(source)?.index;
    if (begin === undefined) return inTags;
    const pattern = source[begin + 1] === '{' ? END_OF_OUTPUT : END_OF_TAG;
    pattern.lastIndex = begin + 2;
    let end = pattern.exec(source);
    while (end && !end[0].endsWith('}')) end = pattern.exec(source);
    at = end ? pattern.lastIndex : source.length;
    inTags += at - begin;
  }
}
