/** Maximum length of a comment line, in characters. Biome wraps code, but not comments. */
const LONGEST_COMMENT = 110;

/**
 * Phrases that plain English does not use, with a replacement. `[ ]` keeps a pattern from matching itself.
 */
const PHRASES = [
  [/\bcan[ ]not\b(?! only)/i, 'cannot'],
  [/\b(?:tells?|told|hears?)[ ]of\b/i, 'reports, is notified'],
  [/\bis[ ]there to\b/i, 'the verb itself'],
  [/\bwho(?:so)?[e]ver\b/i, 'anyone who'],
  [/\bbeside[s]\b/i, 'also, in addition'],
  [/\ba[n]ew\b/i, 'again'],
  [/\bwhat(?:ever)?[ ]be(?:came|comes) of\b/i, 'the outcome'],
  [/\bto[ ]be had\b/i, 'available'],
  [/\bof[ ]before\b/i, 'the previous'],
  [/\bin[ ]a passing way\b/i, 'temporarily'],
  [/\b(?:no|any)body['’]s\b/i, 'no one owns it'],
  [/\btr(?:y|ies|ied|ying)[ ](?:the|a|its|that) URL\b/i, 'test the URL'],
  [/\bstand(?:s|ing)?[ ](?:around|beside|between|once)\b/i, 'is enclosed in, is next to, is defined once'],
  [/\btold[ ](?:in words|from)\b/i, 'as text, is read from'],
  [/\bof[ ]together\b/i, 'in total'],
  [/\bas[ ]ever\b/i, 'still, as before'],
  [/\bone[ ]too many\b/i, 'exceeded the limit'],
  [/\bbrought[ ]along\b/i, 'given'],
];

const isComment = (line) => /^\s*(?:\/\/|\{?\/\*|\*(?:\s|\/|$))/.test(line);

/** Returns the faults of a text: the line, from 1, and the reason. */
export function wordFaults(text) {
  return text.split('\n').flatMap((line, index) => {
    const faults = PHRASES.filter(([phrase]) => phrase.test(line)).map(
      ([phrase, better]) => `"${phrase.exec(line)[0]}": ${better}`,
    );
    // URLs and lint exceptions cannot be wrapped.
    if (isComment(line) && [...line].length > LONGEST_COMMENT && !/:\/\/|biome-ignore/.test(line))
      faults.push(`a comment of ${[...line].length} characters: ${LONGEST_COMMENT} at most`);
    return faults.map((why) => ({ line: index + 1, why }));
  });
}
