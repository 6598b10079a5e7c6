/**
 * A thread that reads one PDF and says what it found, once. JavaScript, because Node starts it from its file: where it
 * is compiled and in tests alike.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { getDocumentProxy } from 'unpdf';

/** @type {{ bytes: Uint8Array, maxPages: number, maxCharacters: number }} */
const { bytes, maxPages, maxCharacters } = workerData;

/** The names of pdf.js's errors that say what is wrong with the file. @type {Record<string, string>} */
const PROBLEMS = { PasswordException: 'encrypted', InvalidPDFException: 'broken' };

async function read() {
  // 0: nothing is printed about what is odd in a file.
  const pdf = await getDocumentProxy(bytes, { verbosity: 0 });
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
  return { outcome: 'text', text: pages.join('\n\n') };
}

const answer = await read().catch((error) => ({ outcome: PROBLEMS[error?.name] ?? 'broken' }));
parentPort?.postMessage(answer);
