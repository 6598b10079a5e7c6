import {
  type SenderInfo,
  SIGNATURE_SCHEMAS,
  type SignatureConfig,
  type SignatureScheme,
} from '@agenthook/contracts';
import { valueAt } from '@agenthook/json';
import { eventOfSample } from './sample.js';
import type { Scheme, SenderEvent } from './scheme.js';
import { schemeOf } from './schemes.js';

/** Every sender as people see it, in the order in which people look for one: the custom ones come last. */
export const listSenders = (): SenderInfo[] =>
  (Object.keys(SIGNATURE_SCHEMAS) as SignatureScheme[]).map(infoOf);

function infoOf(scheme: SignatureScheme): SenderInfo {
  const sender = schemeOf({ scheme });
  const schema = SIGNATURE_SCHEMAS[scheme];
  const { sample, steps, docs = null, generates = null, event } = sender;
  const example = eventOfSample(sender);
  return {
    scheme,
    title: schema.title ?? scheme,
    description: schema.description ?? '',
    schema,
    proof: sender.proof === undefined ? 'none' : sender.proof.isToken ? 'token' : 'body',
    docs,
    steps,
    generates,
    event: event === undefined ? null : placeOf(event),
    retry_id: retryIdOf(sender, { scheme } as SignatureConfig, example),
    tries_url: sender.greet !== undefined || sender.handshake !== undefined,
    sample: {
      content_type: String(example.headers['content-type']),
      headers: sample.headers ?? {},
      body: example.body.toString(),
    },
  };
}

const placeOf = (event: NonNullable<Scheme['event']>): string =>
  'header' in event
    ? `headers['${event.header.toLowerCase()}']`
    : `payload.${event.property}`.replace(/\.(\d+)/g, '[$1]');

/** Where the sample has what the sender's file calls its id. */
function retryIdOf(sender: Scheme, config: SignatureConfig, event: SenderEvent): string | null {
  const { idHeader, deliveryId, sample, reads = [] } = sender;
  if (!deliveryId) return idHeader?.(config) ?? null;
  const id = deliveryId(event, config);
  // A sample has no header that is signed with each request.
  if (typeof id !== 'string') return idHeader?.(config) ?? null;
  const path = reads.find((name) => String(valueAt(event.payload, name)) === id);
  if (path !== undefined) return `payload.${path}`;
  const headers = Object.entries(sample.headers ?? {});
  const inHeader = headers.find(([, value]) => value !== '' && id.endsWith(value));
  return inHeader ? inHeader[0] : 'an id in the payload';
}
