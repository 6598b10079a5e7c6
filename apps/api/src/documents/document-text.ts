import { fileURLToPath } from 'node:url';
import { DOCUMENT_TYPES, type DocumentType, detailOf, MAX_DOCUMENT_BYTES } from '@agenthook/contracts';
import { AppError, createPdfReader, type PdfLimits, type PdfOutcome } from '@agenthook/core';
import { cleanText, decodeSlices, textSlices } from './clean-text.js';

/** The program that reads one PDF. */
const CHILD = fileURLToPath(new URL('./pdf-child.mjs', import.meta.url));
/** Limits for one PDF, and how many are read at once. */
const LIMITS: PdfLimits = {
  memoryMb: 512,
  cpuSeconds: 45,
  clockMs: 120_000,
  maxPages: 2_000,
  maxCharacters: MAX_DOCUMENT_BYTES,
  children: 2,
};

const REFUSALS: Record<Exclude<PdfOutcome['outcome'], 'text'>, string> = {
  encrypted: 'The PDF is encrypted. Remove its password first.',
  broken: 'The file cannot be read as a PDF.',
  too_many_pages: `The PDF has more than ${LIMITS.maxPages} pages. Split it.`,
  too_slow: `Reading the PDF took longer than ${LIMITS.cpuSeconds} s. Split it, or upload its text.`,
  too_large: 'Reading the PDF took too much memory. Split it, or upload its text.',
};

const unreadable = (why: string) => new AppError('unreadable_document', why);

/** The document type and charset in a Content-Type header; undefined if the type is not supported. */
export function documentTypeOf(
  header: string | undefined,
): { type: DocumentType; charset: string } | undefined {
  const [essence = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim());
  const type = DOCUMENT_TYPES.find((known) => known === essence.toLowerCase());
  const charset = parameters.map((text) => /^charset="?([^"]+)"?$/i.exec(text)?.[1]).find(Boolean);
  return type && { type, charset: charset ?? 'utf-8' };
}

/** ISO 32000-2, 7.5.2: the file header. */
const isPdf = (body: Uint8Array): boolean => Buffer.from(body.subarray(0, 5)).toString('latin1') === '%PDF-';

async function textOf(body: Uint8Array, charset: string): Promise<string> {
  try {
    return await cleanText(decodeSlices(body, charset), MAX_DOCUMENT_BYTES);
  } catch {
    throw unreadable(`The body is not valid ${charset}. Name its charset in Content-Type, or send UTF-8.`);
  }
}

/**
 * Returns a function that extracts the text of an upload. If the text is too long for a document, it returns
 * only the beginning, which is also too long. Throws `unreadable_document` with a remedy. `signal` ends its
 * processes.
 */
export function createTextReader(
  signal: AbortSignal,
): (body: Uint8Array, contentType: { type: DocumentType; charset: string }) => Promise<string> {
  const readPdf = createPdfReader(CHILD, LIMITS, signal);
  return async (body, { type, charset }) => {
    if (type !== 'application/pdf' && !(type === 'application/octet-stream' && isPdf(body))) {
      const text = await textOf(body, charset);
      if (text === '') throw unreadable('The body contains no text.');
      return text;
    }
    const read = await readPdf(body);
    if (read.outcome !== 'text') throw unreadable(REFUSALS[read.outcome]);
    const text = await cleanText(textSlices(read.text), MAX_DOCUMENT_BYTES);
    if (text === '') throw unreadable(detailOf('unreadable_document'));
    return text;
  };
}
