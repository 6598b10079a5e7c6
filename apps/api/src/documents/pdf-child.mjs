/**
 * A program that reads one PDF from stdin and says on file descriptor 3 what it found. JavaScript, because Node starts it
 * from its file: where it is compiled and in tests alike.
 */
import { readFileSync, writeSync } from 'node:fs';
import { getDocumentProxy } from 'unpdf';

/** @type {{ maxPages: number, maxCharacters: number }} */
const { maxPages, maxCharacters } = JSON.parse(process.argv[2] ?? '{}');

/** The names of pdf.js's errors that say what is wrong with the file. @type {Record<string, string>} */
const PROBLEMS = { PasswordException: 'encrypted', InvalidPDFException: 'broken' };

async function read() {
  // 0: nothing is printed about what is odd in a file.
  const pdf = await getDocumentProxy(new Uint8Array(readFileSync(0)), { verbosity: 0 });
  if (pdf.numPages > maxPages) return { outcome: 'too_many_pages' };
  const pages = [];
  let characters = 0;
  for (let n = 1; n <= pdf.numPages && characters <= maxCharacters; n++) {
    const page = await pdf.getPage(n);
    const { items } = await page.getTextContent();
    // Lines as they stand on the page; what has no `str` marks content and is no text.
    const text = items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : '')).join('');
    characters += text.length;
    pages.push(text);
    page.cleanup();
  }
  // A little more than fits, so that it is refused and not cut.
  return { outcome: 'text', text: pages.join('\n\n').slice(0, maxCharacters + 1) };
}

const answer = await read().catch((error) => ({ outcome: PROBLEMS[error?.name] ?? 'broken' }));
const bytes = Buffer.from(JSON.stringify(answer));
for (let written = 0; written < bytes.length; ) written += writeSync(3, bytes, written);
// What a file has started may still be at work.
process.exit(0);
