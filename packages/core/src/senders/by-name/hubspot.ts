import { createHash } from 'node:crypto';
import type { SignatureConfigOf } from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { isSameDigest } from '../proofs/equal.js';
import { hmacProof } from '../proofs/hmac.js';
import type { Proof } from '../proofs/proof.js';
import { contentsOf, type Recipe, readProof } from '../proofs/recipe.js';
import { headerOf, onlyOne, type Scheme } from '../scheme.js';

type Config = SignatureConfigOf<'hubspot'>;

const V3 = 'X-HubSpot-Signature-v3';

/** HubSpot signs the URL with these characters decoded. */
const DECODED = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

/** Version 3: an HMAC of method, URL, body and time. */
const v3 = hmacProof<Config>({
  algorithm: 'sha256',
  encoding: 'base64',
  header: V3,
  timestampHeader: 'X-HubSpot-Request-Timestamp',
  form: '44 characters of base64',
  content: ({ timestamp = '' }, { method, calledUrl, body }) => [
    method,
    calledUrl.replace(DECODED, decodeURIComponent),
    body,
    timestamp,
  ],
});

const recipeOfOlder = (version: string | undefined): Recipe => ({
  header: 'X-HubSpot-Signature',
  encoding: 'hex',
  form: '64 hex digits',
  content: version === 'v2' ? '{method}{url}{body}' : '{body}',
});

/** Versions 1 and 2: a plain SHA-256 of the secret and the content, without a time. */
function faultOfOlder(...[request, config, { keys, nowMs }]: Parameters<Proof<Config>['fault']>) {
  // Anyone who knows the plain hash of a text can compute that of a longer one, which has a NUL after it.
  if (request.body.includes(0)) return 'the body has a NUL character';
  const recipe = recipeOfOlder(headerOf(request, 'X-HubSpot-Signature-Version'));
  const given = readProof(recipe, request.headers, config, nowMs);
  if (typeof given === 'string') return given;
  const contents = contentsOf(recipe, given, request, config);
  const digestOf = (secret: string, parts: (string | Buffer)[]) => {
    const hash = createHash('sha256').update(secret);
    for (const part of parts) hash.update(part);
    return hash.digest('hex');
  };
  const holds = keys.some((secret) =>
    contents.some((parts) =>
      given.signatures.some((one) => isSameDigest(one, digestOf(secret, parts), 'hex')),
    ),
  );
  return holds ? undefined : `${recipe.header} does not match the body and the secret of this agent`;
}

/**
 * HubSpot. https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests
 *
 * HubSpot sends an older signature with most requests, and version 3 with all that support it. If version 3
 * is present, it decides. Events come in batches, which a retry may split differently; a batch of one is
 * identified by what it is about, because eventId alone is not unique.
 */
export const hubspot: Scheme<Config> = {
  docs: 'https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests',
  steps: [
    'In the app: Auth → Client secret. Save it here first.',
    'Webhooks → Target URL: the webhook URL. Then create the subscriptions that the agent needs, and activate them.',
    'A workflow of the account: action Send a webhook, method POST, with a request signature in the header.',
    'Version 3 signs the URL too. If its signature is refused, set the base URL that HubSpot calls.',
  ],
  sample: {
    body: [
      {
        eventId: 100,
        subscriptionId: 12_345,
        portalId: 62_515,
        appId: 54_321,
        occurredAt: 1_795_896_000_000,
        subscriptionType: 'contact.creation',
        attemptNumber: 0,
        objectId: 123,
        changeSource: 'CRM',
        changeFlag: 'NEW',
      },
    ],
  },
  event: { property: '0.subscriptionType' },
  proof: {
    ...v3,
    fault: (...given) =>
      given[0].headers[V3.toLowerCase()] === undefined ? faultOfOlder(...given) : v3.fault(...given),
    hides: () => ({ headers: [V3, 'X-HubSpot-Signature'] }),
  },
  deliveryId: ({ payload }) => {
    const event = onlyOne(payload);
    const parts = ['subscriptionId', 'eventId', 'objectId', 'occurredAt'].map((name) => valueAt(event, name));
    return parts.includes(undefined) ? undefined : parts.join('-');
  },
};
