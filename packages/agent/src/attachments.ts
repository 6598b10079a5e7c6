import { createHash } from 'node:crypto';
import type { Attachment, AttachmentsPort } from '@agenthook/contracts';
import type { LanguageModelV4, LanguageModelV4Prompt } from '@ai-sdk/provider';
import { type UserContent, wrapLanguageModel } from 'ai';

/** What files begin with. The bytes decide, because senders declare types badly. */
const BEGINNINGS: [type: string, bytes: string, at: number][] = [
  ['image/png', '\x89PNG\r\n\x1a\n', 0],
  ['image/jpeg', '\xff\xd8\xff', 0],
  ['image/gif', 'GIF8', 0],
  ['image/webp', 'WEBP', 8],
  ['application/pdf', '%PDF-', 0],
];
/** The providers whose models accept pictures and PDFs as files. */
const TAKES_FILES: ReadonlySet<string> = new Set([
  'openai',
  'anthropic',
  'google',
  'azure',
  'bedrock',
  'vertex',
]);
/** How much of a text file the prompt quotes, in bytes. The payload contains only shorter ones. */
const MAX_TEXT = 256 * 1024;
const SHOWN_NAME = 200;

/** The type of a picture or a PDF; undefined for any other file. */
export function typeOf(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 16)).toString('latin1');
  return BEGINNINGS.find(([, beginning, at]) => head.startsWith(beginning, at))?.[0];
}

/** The text of a file; undefined if it is no text. A long one is cut. */
function textOf(bytes: Uint8Array): string | undefined {
  const shown = Buffer.from(bytes.subarray(0, MAX_TEXT));
  if (shown.includes(0)) return undefined;
  const cut = bytes.length > MAX_TEXT;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(shown, { stream: cut }) + (cut ? '…' : '');
  } catch {
    return undefined;
  }
}

/** A file with its bytes. */
export type StoredFile = Attachment & { content: Uint8Array };

/** The files that are stored with a task. */
export async function storedFiles({ list, read }: AttachmentsPort): Promise<StoredFile[]> {
  const contents = list.length === 0 ? [] : await read();
  return contents.flatMap((content, n) => (list[n] ? [{ ...list[n], content }] : []));
}

/**
 * The event's files that a model can read, as parts of the user message. A text that is already in the
 * payload is not repeated.
 *
 * @param fence marks text as data
 */
export function filesOfEvent(
  files: readonly StoredFile[],
  payload: unknown,
  fence: (text: string) => string,
): Part[] {
  const ofEvent = files.filter(({ url }) => url === undefined);
  const isRepeated = ofEvent.length === 0 ? () => false : hasTextIn(payload);
  return ofEvent.flatMap(({ content, filename }) =>
    fileOf(content, filename.slice(0, SHOWN_NAME), fence, isRepeated(filename)),
  );
}

export type Part = Exclude<UserContent, string>[number];

/** A file as a part of a message: a picture or a PDF as it is, a text in the prompt; none for any other. */
export function fileOf(
  bytes: Uint8Array,
  filename: string,
  fence: (text: string) => string,
  isRepeated = false,
): Part[] {
  const mediaType = typeOf(bytes);
  if (mediaType !== undefined) return [{ type: 'file', data: bytes, mediaType, filename }];
  const text = isRepeated ? undefined : textOf(bytes);
  return text === undefined ? [] : [{ type: 'text', text: fence(`File ${filename}:\n${text}`) }];
}

/** Returns whether the payload has the text of a file with a given name. */
function hasTextIn(payload: unknown): (filename: string) => boolean {
  const fields = typeof payload === 'object' && payload !== null ? Object.values(payload) : [];
  const values = fields.flat() as { filename?: unknown; text?: unknown }[];
  const names = new Set(
    values.filter((value) => typeof value?.text === 'string').map(({ filename }) => filename),
  );
  return (filename) => names.has(filename);
}

/** Reads the text of a PDF; undefined if it has none that can be read. */
export type ReadPdf = (bytes: Uint8Array) => Promise<string | undefined>;

/**
 * Replaces each file with its text, or with a sentence, for a model that accepts no files. Returns other
 * models unchanged.
 *
 * @param readPdf if undefined, PDFs are not read
 */
export function withFilesAsText(
  model: LanguageModelV4,
  provider: string,
  fence: (text: string) => string,
  readPdf?: ReadPdf,
): LanguageModelV4 {
  if (TAKES_FILES.has(provider)) return model;
  /** The texts of files that earlier turns have had. */
  const known = new Map<string, Promise<string>>();
  const asText = (part: FilePart): Promise<string> => {
    const bytes = readPdf && part.mediaType === PDF ? bytesOf(part) : undefined;
    if (!readPdf || !bytes) return Promise.resolve(noteOn(part));
    const key = createHash('sha256').update(bytes).digest('base64');
    const text = known.get(key) ?? readPdf(bytes).then((found) => textOn(part, found));
    known.set(key, text);
    return text;
  };
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      transformParams: async ({ params }) => {
        const prompt = await Promise.all(
          params.prompt.map(async (message) => {
            if (message.role !== 'user') return message;
            const content = message.content.map(async (part) =>
              part.type === 'file' ? { type: 'text' as const, text: fence(await asText(part)) } : part,
            );
            return { ...message, content: await Promise.all(content) };
          }),
        );
        return { ...params, prompt };
      },
    },
  });
}

const PDF = 'application/pdf';
/** How much of a PDF's text the model receives, in characters. */
const MAX_PDF_TEXT = 200_000;

type FilePart = Extract<
  Extract<LanguageModelV4Prompt[number], { role: 'user' }>['content'][number],
  { type: 'file' }
>;

function bytesOf({ data }: FilePart): Uint8Array | undefined {
  if (data.type !== 'data') return undefined;
  return typeof data.data === 'string' ? Buffer.from(data.data, 'base64') : data.data;
}

const noteOn = ({ filename = '', mediaType }: FilePart): string =>
  `File ${filename} (${mediaType}): this model cannot read it.`;

function textOn(part: FilePart, text: string | undefined): string {
  if (text === undefined || text.trim() === '') return noteOn(part);
  const cut = text.length > MAX_PDF_TEXT ? '…' : '';
  return `The text of the file ${part.filename ?? ''} (${part.mediaType}):\n${text.slice(0, MAX_PDF_TEXT)}${cut}`;
}
