import { Trusted } from './trusted.js';

/** How many files a template may attach. */
const MOST_ATTACHED = 10;
const LONGEST_URL = 4_000; // characters

/**
 * The filter `attach`: adds a URL, or each of a list, to the files of the run, and inserts which file of the
 * run it is. The same URL is one file.
 */
export function attach(urls: string[], value: unknown): Trusted {
  const given = [value].flat().slice(0, MOST_ATTACHED + 1);
  return new Trusted(
    given
      .map((url) => placeOf(urls, url))
      .join(' ')
      .trim(),
  );
}

function placeOf(urls: string[], value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  const url = value instanceof Trusted ? value.toString() : value;
  if (typeof url !== 'string' || url.length > LONGEST_URL) return '[no file: this is no URL]';
  if (!urls.includes(url)) {
    if (urls.length === MOST_ATTACHED) return `[no file: at most ${MOST_ATTACHED} are attached]`;
    urls.push(url);
  }
  return `[file ${urls.indexOf(url) + 1}]`;
}
