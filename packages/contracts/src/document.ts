import { type Static, Type } from '@sinclair/typebox';
import { Name } from './text.js';

/** How much of an upload's body is taken, in bytes. */
export const MAX_UPLOAD_BYTES = 10 * 1024 * 1024;
/** How much text one document may have, in bytes of UTF-8. */
export const MAX_DOCUMENT_BYTES = 2 * 1024 * 1024;
/** How much text all documents of an agent may have, in bytes of UTF-8. */
export const MAX_AGENT_DOCUMENT_BYTES = 20 * 1024 * 1024;
export const MAX_DOCUMENTS = 200;

/** What an upload may be. */
export const DOCUMENT_TYPES = ['text/plain', 'text/markdown', 'application/pdf'] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

export const DocumentName = Name({
  maxLength: 200,
  description: 'As the model is told it, for example the name of the file.',
});

/** A text that was uploaded to an agent, as the API lists it. */
export const Document = Type.Object(
  {
    id: Type.String(),
    name: DocumentName,
    characters: Type.Integer({ description: 'Of its text.' }),
    created_at: Type.String({ format: 'date-time' }),
  },
  { $id: 'Document' },
);
export type Document = Static<typeof Document>;

export const DocumentList = Type.Object({ documents: Type.Array(Type.Ref('Document')) });
export type DocumentList = { documents: Document[] };
