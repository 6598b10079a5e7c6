import { type Static, Type } from '@sinclair/typebox';
import { Prose } from '../text.js';
import { toolSchema } from './common.js';

export const PostgresTool = toolSchema(
  'postgres',
  'PostgreSQL query',
  'Reads from a PostgreSQL database in a read-only transaction. The connection URL is `secrets.url`. ' +
    'Use a role that may only SELECT what the agent needs.',
  'Always true for this type; another value changes nothing.',
  {
    schema_hint: Type.Optional(
      Prose({
        maxLength: 20_000,
        description: 'Tells the model which tables and columns exist and what they mean.',
      }),
    ),
    max_rows: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 100 })),
    allow_privileged_role: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          "Whether the role may be a superuser, a replication role, or a role that reads the server's " +
          'files or runs its programs. Such a role can read more than tables, so it is refused unless ' +
          'this is true.',
      }),
    ),
    statement_timeout_ms: Type.Optional(Type.Integer({ minimum: 100, maximum: 60_000, default: 5_000 })),
  },
);
export type PostgresTool = Static<typeof PostgresTool>;

export const MemoryTool = toolSchema(
  'memory',
  'Memory',
  "Keeps the agent's own notes between tasks.",
  'Always true for this type; another value changes nothing.',
  {
    max_notes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, default: 200 })),
  },
);
export type MemoryTool = Static<typeof MemoryTool>;

export const DocumentsTool = toolSchema(
  'documents',
  'Documents',
  'Searches the documents that were uploaded to the agent.',
  'Always true for this type; another value changes nothing.',
  { max_results: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, default: 5 })) },
);
export type DocumentsTool = Static<typeof DocumentsTool>;
