import { type Static, Type } from '@sinclair/typebox';
import { StringEnum } from '../shapes.js';
import { Headers } from '../tool-fields.js';
import { AddressTemplate, ContentTemplate, destinationSchema } from './common.js';

export const HttpDestination = destinationSchema(
  'http',
  'HTTP request',
  'Sends a request that you describe. Its templates insert secrets as `{{ secrets.NAME }}`.',
  {
    method: Type.Optional(StringEnum(['POST', 'PUT', 'PATCH'] as const, { description: 'Default: `POST`.' })),
    url: AddressTemplate('Its host must be in the template itself, or in a secret at its beginning.', 4_000),
    headers: Type.Optional(Headers('Header templates. Empty ones are left out.')),
    body: Type.Optional(
      ContentTemplate(
        'In JSON, values are escaped inside strings; elsewhere, write `{{ result.output | json }}`. Default: the ' +
          'task with its result, as a callback has it.',
      ),
    ),
  },
);
export type HttpDestination = Static<typeof HttpDestination>;
