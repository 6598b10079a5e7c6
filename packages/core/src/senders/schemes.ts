import type { SignatureConfigOf, SignatureScheme } from '@agenthook/contracts';
import { discord } from './by-name/discord.js';
import { github } from './by-name/github.js';
import { gitlab } from './by-name/gitlab.js';
import { jira } from './by-name/jira.js';
import { meta } from './by-name/meta.js';
import { shopify } from './by-name/shopify.js';
import { slack } from './by-name/slack.js';
import { standardWebhooks } from './by-name/standard-webhooks.js';
import { stripe } from './by-name/stripe.js';
import { custom } from './generic/custom.js';
import { hmac } from './generic/hmac.js';
import { ecdsa, ed25519 } from './generic/public-key.js';
import { token } from './generic/token.js';
import type { Scheme } from './scheme.js';

/** Every sender, each in a file of its own. The order is that of the docs and of the Studio. */
const SCHEMES: { [S in SignatureScheme]: Scheme<SignatureConfigOf<S>> } = {
  discord,
  github,
  gitlab,
  jira,
  meta,
  shopify,
  slack,
  'standard-webhooks': standardWebhooks,
  stripe,
  hmac,
  token,
  ed25519,
  ecdsa,
  custom,
};

/** The scheme that an agent's signature names. */
export const schemeOf = ({ scheme }: { scheme: SignatureScheme }): Scheme => SCHEMES[scheme] as Scheme;

/** The payload properties that any scheme reads. */
export const READ_PROPERTIES = [...new Set(Object.values(SCHEMES).flatMap(({ reads = [] }) => reads))];
