import type { SignatureConfig, SignatureConfigOf, SignatureScheme } from '@agenthook/contracts';
import { github } from './github.js';
import { hmac } from './hmac.js';
import type { Scheme } from './scheme.js';
import { shopify } from './shopify.js';
import { slack } from './slack.js';
import { standardWebhooks } from './standard-webhooks.js';
import { stripe } from './stripe.js';

const SCHEMES: { [S in SignatureScheme]: Scheme<SignatureConfigOf<S>> } = {
  'standard-webhooks': standardWebhooks,
  github,
  stripe,
  slack,
  shopify,
  hmac,
};

/** The scheme that an agent's signature names. */
export const schemeOf = ({ scheme }: SignatureConfig): Scheme => SCHEMES[scheme] as Scheme;
