/** A part of a line. */
export type Inline =
  | { kind: 'text' | 'code' | 'strong' | 'em' | 'struck'; text: string }
  | { kind: 'link' | 'image'; text: string; url: string };

/**
 * What may stand in a line. Each part has a bounded length, so that a text without an end of one is read in
 * linear time.
 */
const PART = new RegExp(
  [
    '`([^`\\n]{1,500})`',
    '(!?)\\[([^[\\]\\n]{0,500})\\]\\(([^()\\s]{1,2000})\\)',
    '\\*\\*([^*\\n]{1,1000})\\*\\*',
    '~~([^~\\n]{1,1000})~~',
    '(?<![\\w*])\\*([^*\\s][^*\\n]{0,1000})\\*(?![\\w*])',
    '(?<![\\w_])_([^_\\s][^_\\n]{0,1000})_(?![\\w_])',
  ].join('|'),
  'g',
);

/** The parts of a text in lines. What is within a part is read by reading its text again. */
export function inlinesOf(text: string): Inline[] {
  const parts: Inline[] = [];
  let at = 0;
  for (const match of text.matchAll(PART)) {
    if (match.index > at) parts.push({ kind: 'text', text: text.slice(at, match.index) });
    at = match.index + match[0].length;
    const [, code, bang, label, url, strong, struck, star, under] = match;
    if (code !== undefined) parts.push({ kind: 'code', text: code });
    else if (url !== undefined) parts.push({ kind: bang ? 'image' : 'link', text: label || url, url });
    else if (strong !== undefined) parts.push({ kind: 'strong', text: strong });
    else if (struck !== undefined) parts.push({ kind: 'struck', text: struck });
    else parts.push({ kind: 'em', text: star ?? under ?? '' });
  }
  if (at < text.length) parts.push({ kind: 'text', text: text.slice(at) });
  return parts;
}

/** Whether a link may be followed: to web pages alone. */
export const isWebUrl = (url: string): boolean => /^https?:\/\//i.test(url);
