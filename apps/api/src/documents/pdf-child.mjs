/**
 * Reads one PDF from stdin and writes the outcome to file descriptor 3. It is JavaScript because Node starts
 * it from its file, both compiled and in tests.
 */
import { readFileSync, writeSync } from 'node:fs';
import { getDocumentProxy } from 'unpdf';

/** @type {{ maxPages: number, maxCharacters: number }} */
const { maxPages, maxCharacters } = JSON.parse(process.argv[2] ?? '{}');

/** The pdf.js errors that mean a faulty file. @type {Record<string, string>} */
const PROBLEMS = { PasswordException: 'encrypted', InvalidPDFException: 'broken' };

async function read() {
  // 0: do not print warnings about the file.
  const pdf = await getDocumentProxy(new Uint8Array(readFileSync(0)), { verbosity: 0 });
  if (pdf.numPages > maxPages) return { outcome: 'too_many_pages' };
  const pages = [];
  let characters = 0;
  for (let n = 1; n <= pdf.numPages && characters <= maxCharacters; n++) {
    const page = await pdf.getPage(n);
    const { items } = await page.getTextContent();
    // Keeps the page's lines. Items without `str` mark content and contain no text.
    const text = items.map((item) => ('str' in item ? `${item.str}${item.hasEOL ? '\n' : ''}` : '')).join('');
    characters += text.length;
    pages.push(text);
    page.cleanup();
  }
  // One character more than allowed, so that the text is refused rather than cut.
  return { outcome: 'text', text: pages.join('\n\n').slice(0, maxCharacters + 1) };
}

const answer = await read().catch((error) => ({ outcome: PROBLEMS[error?.name] ?? 'broken' }));
const bytes = Buffer.from(JSON.stringify(answer));
for (let written = 0; written < bytes.length; ) written += writeSync(3, bytes, written);
// The file's content may have started work that is still running.
process.exit(0);
