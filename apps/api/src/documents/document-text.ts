import { DOCUMENT_TYPES, type DocumentType, MAX_DOCUMENT_BYTES } from '@agenthook/contracts';
import { AppError } from '@agenthook/core';
import { createPdfReader, type PdfOutcome } from './pdf-text.js';

const TIMEOUT_MS = 45_000;
const MAX_PAGES = 2_000;

const REFUSALS: Record<Exclude<PdfOutcome['outcome'], 'text'>, string> = {
  encrypted: 'The PDF is encrypted. Remove its password first.',
  broken: 'The file can not be read as a PDF.',
  too_many_pages: `The PDF has more than ${MAX_PAGES} pages. Split it.`,
  too_slow: `Reading the PDF took longer than ${TIMEOUT_MS / 1000} s. Split it, or send its text.`,
  too_large: 'Reading the PDF took too much memory. Split it, or send its text.',
};

const unreadable = (why: string) => new AppError('unreadable_document', why);

/** The media type of a Content-Type header, and its charset; undefined where it is none of a document's. */
export function documentTypeOf(
  header: string | undefined,
): { type: DocumentType; charset: string } | undefined {
  const [essence = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim());
  const type = DOCUMENT_TYPES.find((known) => known === essence.toLowerCase());
  const charset = parameters.map((text) => /^charset="?([^"]+)"?$/i.exec(text)?.[1]).find(Boolean);
  return type && { type, charset: charset ?? 'utf-8' };
}

function decode(body: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(body);
  } catch {
    throw unreadable(`The body is not text in ${charset}. Name its charset in Content-Type, or send UTF-8.`);
  }
}

/** One kind of line end, and no control characters: they come out of odd PDFs and say nothing. */
const clean = (text: string): string =>
  text
    .replace(/\r\n?|[\u2028\u2029\f\v]/g, '\n')
    .replace(/(?![\t\n])\p{Cc}/gu, '')
    .trim();

/**
 * Makes a function that gives the text of an upload. It throws `unreadable_document` with what can be done about it.
 */
export function createTextReader(): (
  body: Uint8Array,
  contentType: { type: DocumentType; charset: string },
) => Promise<string> {
  const readPdf = createPdfReader({
    timeoutMs: TIMEOUT_MS,
    maxPages: MAX_PAGES,
    maxCharacters: MAX_DOCUMENT_BYTES,
    threads: 2,
  });
  return async (body, { type, charset }) => {
    if (type !== 'application/pdf') {
      const text = clean(decode(body, charset));
      if (text === '') throw unreadable('There is no text in the body.');
      return text;
    }
    const read = await readPdf(body);
    if (read.outcome !== 'text') throw unreadable(REFUSALS[read.outcome]);
    const text = clean(read.text);
    if (text === '')
      throw unreadable('There is no text in the PDF: it seems to be a scan. Run OCR over it first.');
    return text;
  };
}
