import { type Static, Type } from '@sinclair/typebox';

/** What a model provider answered to the call that ended an attempt. */
export const ProviderAnswer = Type.Object(
  {
    url: Type.String({ description: 'The URL that was called.' }),
    status: Type.Integer({ description: 'The HTTP status.' }),
    code: Type.Union([Type.String(), Type.Null()], { description: "The provider's own code for the error." }),
    body: Type.String({ description: 'The first 500 characters of the body, without secrets.' }),
  },
  { description: 'What the model provider answered, if its answer ended the attempt.' },
);
export type ProviderAnswer = Static<typeof ProviderAnswer>;
