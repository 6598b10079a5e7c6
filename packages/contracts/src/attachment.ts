import { type Static, Type } from '@sinclair/typebox';
import { MAX_PAYLOAD_BYTES } from './webhook.js';

/** How many files a request may carry. */
export const MAX_FILES = 10;
/** Upper bound for all files of a request together, in bytes. */
export const MAX_FILES_BYTES = 10 * 1024 * 1024;
/** Upper bound for the body of a request with files, in bytes: the files, and a payload beside them. */
export const MAX_FILE_BODY_BYTES = MAX_FILES_BYTES + MAX_PAYLOAD_BYTES;

/** A file of a task: it came with the event, or the run fetched it. It is stored as long as the task. */
export const Attachment = Type.Object({
  filename: Type.String({ description: 'As the sender wrote it.' }),
  media_type: Type.String({
    description: 'As the sender declared it. Of a fetched picture or PDF, what its bytes say.',
  }),
  bytes: Type.Integer({ description: 'Its size.' }),
  url: Type.Optional(
    Type.String({
      description:
        'Where the run fetched it, because a template attaches it. Absent for a file of the event.',
    }),
  ),
});
export type Attachment = Static<typeof Attachment>;

/** The files of a task, for a run. */
export interface AttachmentsPort {
  /** What is known of each, in the order in which they came. */
  list: readonly Attachment[];
  /** The bytes of all of them, in the same order. Throws FilesUnavailable. */
  read(): Promise<Uint8Array[]>;
  /** Stores a file that the run has fetched. Resolves when it is stored. Throws FilesUnavailable. */
  add(file: Attachment, content: Uint8Array): Promise<void>;
}

/** The files of a task cannot be read or stored now. The message is for people. */
export class FilesUnavailable extends Error {
  override readonly name = 'FilesUnavailable';
}
