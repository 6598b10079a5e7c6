import { Type } from '@sinclair/typebox';
import type { ConfigsOf } from './fields.js';
import { GENERIC_SENDERS } from './generic.js';
import { NAMED_SENDERS } from './senders.js';

export { DEFAULT_TOLERANCE_SECONDS, SECRET_FIELDS, type SecretField } from './fields.js';
export { Challenge } from './generic.js';

/** Every sender with the schema of its configuration. A scheme that is not listed here does not exist. */
export const SIGNATURE_SCHEMAS = { ...NAMED_SENDERS, ...GENERIC_SENDERS } as const;
type Configs = ConfigsOf<typeof SIGNATURE_SCHEMAS>;
export type SignatureScheme = keyof Configs;
export type SignatureConfigOf<S extends SignatureScheme> = Configs[S];

/** How a webhook knows its sender. `scheme` selects the schema. */
export type SignatureConfig = Configs[SignatureScheme];
export const SignatureConfig = Type.Unsafe<SignatureConfig>({
  type: 'object',
  required: ['scheme'],
  discriminator: { propertyName: 'scheme' },
  oneOf: Object.values(SIGNATURE_SCHEMAS),
});
