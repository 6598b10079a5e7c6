import { type Static, Type } from '@sinclair/typebox';
import { RefTo, Time } from './shapes.js';
import { Name } from './text.js';

/** Upper bound for the body of an upload, in bytes. */
export const MAX_UPLOAD_BYTES = 10 * 1024 * 1024;
/** Upper bound for the text of one document, in bytes of UTF-8. */
export const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;
/** Upper bound for the text of all documents of one agent, in bytes of UTF-8. */
export const MAX_AGENT_DOCUMENT_BYTES = 20 * 1024 * 1024;
export const MAX_DOCUMENTS = 200;

/** The media types that may be uploaded. The first bytes decide what an octet stream is. */
export const DOCUMENT_TYPES = [
  'text/plain',
  'text/markdown',
  'application/pdf',
  'application/octet-stream',
] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

export const DocumentName = Name({
  maxLength: 200,
  description: 'The name that the model sees, for example the file name.',
});

/** An uploaded document, as the API lists it. */
export const Document = Type.Object(
  {
    id: Type.String(),
    name: DocumentName,
    characters: Type.Integer({ description: 'Size of its text.' }),
    created_at: Time(),
  },
  { $id: 'Document' },
);
export type Document = Static<typeof Document>;

export const DocumentList = Type.Object({ documents: Type.Array(RefTo<Document>('Document')) });
export type DocumentList = Static<typeof DocumentList>;
