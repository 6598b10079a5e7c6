import { bytesOfSecret } from '../../../secrets/signing-secret.js';
import { signedHeaders } from '../../sign.js';
import type { ChannelKind } from './channel-kind.js';

/** Signed JSON in the shape of callbacks, which the same receiver can verify. */
export const webhook: ChannelKind<'webhook'> = {
  prepare: ({ url, secret = '' }, { event }, { id, nowMs }) => {
    const body = JSON.stringify(event);
    const key = bytesOfSecret(secret);
    return { post: { url, body, headers: signedHeaders(key ? [key] : [], id, nowMs, body) } };
  },
};
