const BEGIN = /\{[{%]/g;
/** The end of a tag or output, or a text in quotes, which may contain one. */
const END = /[}%]\}|"[^"]*"|'[^']*'/g;

/** How many characters of a template are within tags and outputs. Linear. */
export function charactersInTags(source: string): number {
  let inTags = 0;
  let at = 0;
  for (;;) {
    BEGIN.lastIndex = at;
    const begin = BEGIN.exec(source)?.index;
    if (begin === undefined) return inTags;
    END.lastIndex = begin + 2;
    let end = END.exec(source);
    while (end && !end[0].endsWith('}')) end = END.exec(source);
    at = end ? END.lastIndex : source.length;
    inTags += at - begin;
  }
}
