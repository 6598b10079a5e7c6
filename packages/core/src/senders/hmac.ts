import type { SignatureConfigOf } from '@agenthook/contracts';
import { type Hashing, readPrefixed, type Scheme } from './scheme.js';

const hashingOf = ({ algorithm = 'sha256', encoding = 'hex' }: SignatureConfigOf<'hmac'>): Hashing => ({
  algorithm,
  encoding,
});

/**
 * Any sender that puts an HMAC of its body, and optionally of a time, into a header. The agent configures the
 * details.
 */
export const hmac: Scheme<SignatureConfigOf<'hmac'>> = {
  proofHeaders: ({ header, timestamp_header }) =>
    timestamp_header === undefined ? [header] : [header, timestamp_header],
  form: (signature) => `${signature.prefix || ''}${hashingOf(signature).encoding}`,
  read: ([value = '', timestamp], signature) => ({
    signatures: readPrefixed(value, signature.prefix ?? '', hashingOf(signature)),
    timestamp,
  }),
  hashing: hashingOf,
  content: ({ timestamp = '' }, body, { content = '{body}' }) =>
    content
      .split(/(\{body\}|\{timestamp\})/)
      .map((part) => (part === '{body}' ? body : part === '{timestamp}' ? timestamp : part)),
  write: ({ digest, timestamp, id }, { header, prefix = '', timestamp_header, id_header }) => ({
    [header]: prefix + digest,
    ...(timestamp_header === undefined ? {} : { [timestamp_header]: timestamp }),
    ...(id_header === undefined ? {} : { [id_header]: id }),
  }),
  deliveryId: (headers, _payload, { id_header }) =>
    id_header === undefined ? undefined : headers[id_header.toLowerCase()],
};
