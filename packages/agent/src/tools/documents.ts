import { orAborted } from '@agenthook/async';
import { MAX_QUERY_CHARACTERS } from '@agenthook/contracts';
import { ToolError, type ToolKind } from './tool.js';
import { suffixedName } from './tool-names.js';

/** Full-text search over the agent's documents. Opens as `<name>` and `<name>_list`. */
export const documentsTool: ToolKind<'documents'> = {
  type: 'documents',
  async open({ name, description, max_results = 5 }, { documents }) {
    const about = description === undefined ? '' : ` ${description}`;
    return {
      tools: [
        {
          name,
          description:
            'Searches documents and returns the passages that match best, each with the name of its ' +
            `document.${about}`,
          parameters: {
            type: 'object',
            properties: {
              query: {
                type: 'string',
                minLength: 1,
                maxLength: MAX_QUERY_CHARACTERS,
                description: 'Words to look for.',
              },
            },
            required: ['query'],
            additionalProperties: false,
          },
          repeat_safe: true,
          async execute({ query }, { signal }) {
            if (typeof query !== 'string' || query.trim() === '')
              throw new ToolError('`query` must be a text.');
            const results = await orAborted(documents.search(query, max_results, signal), signal);
            if (results.length > 0 || (await documents.list()).length > 0) return { results };
            return { results, note: 'This agent has no documents.' };
          },
        },
        {
          name: suffixedName(name, 'list'),
          description: `Lists the documents that can be searched.${about}`,
          parameters: { type: 'object', properties: {}, additionalProperties: false },
          repeat_safe: true,
          execute: async (_args, { signal }) => ({ documents: await orAborted(documents.list(), signal) }),
        },
      ],
    };
  },
};
