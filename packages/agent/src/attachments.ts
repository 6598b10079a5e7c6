import type { AttachmentsPort } from '@agenthook/contracts';
import type { LanguageModelV4 } from '@ai-sdk/provider';
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
function typeOf(bytes: Uint8Array): string | undefined {
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

/**
 * The user message: the prompt, then the event's files that a model can read. A text that is already in the
 * payload is not repeated.
 *
 * @param fence marks text as data
 */
export async function userContent(
  prompt: string,
  { list, read }: AttachmentsPort,
  payload: unknown,
  fence: (text: string) => string,
): Promise<UserContent> {
  const contents = list.length === 0 ? [] : await read();
  const isRepeated = contents.length === 0 ? () => false : hasTextIn(payload);
  return [
    { type: 'text', text: prompt },
    ...contents.flatMap((bytes, n): Exclude<UserContent, string> => {
      const filename = (list[n]?.filename ?? '').slice(0, SHOWN_NAME);
      const mediaType = typeOf(bytes);
      if (mediaType !== undefined) return [{ type: 'file', data: bytes, mediaType, filename }];
      const text = isRepeated(list[n]?.filename ?? '') ? undefined : textOf(bytes);
      return text === undefined ? [] : [{ type: 'text', text: fence(`File ${filename}:\n${text}`) }];
    }),
  ];
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

/** Replaces each file with a sentence for a model that accepts none. Returns other models unchanged. */
export function withFilesAsText(
  model: LanguageModelV4,
  provider: string,
  fence: (text: string) => string,
): LanguageModelV4 {
  if (TAKES_FILES.has(provider)) return model;
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      transformParams: async ({ params }) => ({
        ...params,
        prompt: params.prompt.map((message) =>
          message.role === 'user'
            ? {
                ...message,
                content: message.content.map((part) =>
                  part.type === 'file' ? { type: 'text' as const, text: fence(noteOn(part)) } : part,
                ),
              }
            : message,
        ),
      }),
    },
  });
}

const noteOn = ({ filename = '', mediaType }: { filename?: string; mediaType: string }): string =>
  `File ${filename} (${mediaType}): this model cannot read it.`;
