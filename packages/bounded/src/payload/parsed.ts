import { type ErrorCode, MAX_FILES_BYTES } from '@agenthook/contracts';
import type { TransferEncoding } from './transfer-encoding.js';

/** What the bytes of an event turned out to be. A query string is a form in the URL. */
export type PayloadKind = 'json' | 'form' | 'query' | 'multipart' | 'text' | 'file';

/** A file inside a body. */
export interface FilePart {
  filename: string;
  media_type: string;
  /** Where its bytes begin in the body, and how many there are. */
  at: number;
  bytes: number;
  /** How its bytes in the body are encoded. */
  encoding?: TransferEncoding;
}

/** The payload, or why it is refused with the api's code and detail. */
export type ParsedPayload =
  | {
      ok: true;
      kind: PayloadKind;
      payload: unknown;
      /** The payload as JSON, if the sender wrote it. */
      json?: string;
      files?: FilePart[];
    }
  | Refused;

export interface Refused {
  ok: false;
  code: ErrorCode;
  detail: string;
}

export const refuse = (code: ErrorCode, detail: string): Refused => ({ ok: false, code, detail });

export const filesTooLarge = (bytes: number): Refused =>
  refuse(
    'payload_too_large',
    `The files have ${bytes} bytes; at most ${MAX_FILES_BYTES / 1024 / 1024} MiB are taken.`,
  );
