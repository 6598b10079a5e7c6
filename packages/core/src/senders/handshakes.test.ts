import type { SignatureConfig } from '@agenthook/contracts';
import { expect, test } from '@jest/globals';
import { noOutside } from '../../test/no-outside.js';
import { senderRequest } from '../../test/sender-request.js';
import { completeSignature } from '../agents/complete-signature.js';
import { emptyAnswer, type FailedTry, jsonAnswer, type SenderAnswer, textAnswer } from './scheme.js';
import { schemeOf } from './schemes.js';

type Given = Parameters<typeof senderRequest>[0];
type Told = SenderAnswer | FailedTry | undefined;
const configOf = (scheme: string) => completeSignature({ scheme, secret: 's3cret' } as SignatureConfig);

const HOOK_SECRET = 'b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81';
const validation = (validationCode: unknown) => [
  {
    id: '2d1',
    topic: '/sub',
    subject: '',
    data: { validationCode, validationUrl: 'https://rp-eastus2.eventgrid.azure.net/validate' },
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    eventTime: '2018-01-25T22:12:19Z',
  },
];
const aeg = { 'aeg-event-type': 'SubscriptionValidation' };
const zoom = (plainToken: unknown) => ({
  event: 'endpoint.url_validation',
  payload: { plainToken },
  event_ts: 1_654_503_849_680,
});

/** Requests that test a URL, without a signature, and the answers that their senders expect. */
const TRIES: [title: string, scheme: string, Given, Told][] = [
  [
    'Zoom',
    'zoom',
    { body: zoom('qgg8vlvZRS6UYooatFL8Aw') },
    // By openssl: an HMAC of the token.
    jsonAnswer({
      plainToken: 'qgg8vlvZRS6UYooatFL8Aw',
      encryptedToken: 'f54f2d5fee8f181aab8371bada7fed9bb675eae464f18ed4fb91715244b58ef4',
    }),
  ],
  // Its HMAC would be the signature of an event.
  [
    'Zoom, for a text that is signed',
    'zoom',
    { body: zoom('v0:1795896000:{}') },
    { fault: 'payload.plainToken is not a token of Zoom' },
  ],
  [
    'Zoom, without a token',
    'zoom',
    { body: zoom(7) },
    { fault: 'payload.plainToken is not a token of Zoom' },
  ],
  ['Zoom, an event', 'zoom', { body: { event: 'meeting.started', payload: {} } }, undefined],
  ['Zoom, a long body', 'zoom', { body: { ...zoom('a'), more: 'x'.repeat(10_000) } }, undefined],
  ['Intercom', 'intercom', { method: 'HEAD' }, emptyAnswer()],
  ['Intercom, by GET', 'intercom', { method: 'GET' }, undefined],
  ['Trello', 'trello', { method: 'HEAD' }, emptyAnswer()],
  ['Trello, by POST', 'trello', { body: {} }, undefined],
  [
    'Event Grid',
    'eventgrid',
    { headers: aeg, body: validation('512d38b6') },
    jsonAnswer({ validationResponse: '512d38b6' }),
  ],
  [
    'Event Grid, without a code',
    'eventgrid',
    { headers: aeg, body: {} },
    { fault: 'data.validationCode is missing' },
  ],
  [
    'Event Grid, an event that looks so',
    'eventgrid',
    { headers: { 'aeg-event-type': 'Notification' }, body: validation('512d38b6') },
    undefined,
  ],
  [
    'CloudEvents',
    'eventgrid',
    { method: 'OPTIONS', headers: { 'WebHook-Request-Origin': 'eventgrid.azure.net' } },
    emptyAnswer(200, {
      'WebHook-Allowed-Origin': 'eventgrid.azure.net',
      'WebHook-Allowed-Rate': '*',
      Allow: 'POST',
    }),
  ],
  ['CloudEvents, the preflight of a browser', 'eventgrid', { method: 'OPTIONS' }, undefined],
  [
    'Microsoft Graph',
    'graph',
    { query: 'validationToken=Validation%3a+Testing+client+application+reachability' },
    textAnswer('Validation: Testing client application reachability'),
  ],
  [
    'Microsoft Graph, a token of two lines',
    'graph',
    { query: 'validationToken=a%0d%0ab' },
    { fault: 'validationToken is not a token of Graph' },
  ],
  ['Microsoft Graph, an event', 'graph', { body: { value: [] } }, undefined],
  [
    'Asana',
    'asana',
    { headers: { 'X-Hook-Secret': HOOK_SECRET }, body: '' },
    emptyAnswer(200, { 'X-Hook-Secret': HOOK_SECRET }),
  ],
  [
    'Asana, another text',
    'asana',
    { headers: { 'X-Hook-Secret': 'a b' } },
    { fault: 'X-Hook-Secret is not a secret of Asana' },
  ],
  ['Asana, an event', 'asana', { body: { events: [] } }, undefined],
  ['Dropbox', 'dropbox', { method: 'GET', query: 'challenge=abc-123_x' }, textAnswer('abc-123_x')],
  ['Dropbox, by POST', 'dropbox', { query: 'challenge=abc' }, undefined],
  ['Dropbox, without a challenge', 'dropbox', { method: 'GET' }, undefined],
  [
    'monday.com',
    'monday',
    { body: { challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P' } },
    jsonAnswer({ challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P' }),
  ],
  ['monday.com, an event', 'monday', { body: { challenge: 'a', event: {} } }, undefined],
  [
    'Okta',
    'okta',
    { method: 'GET', headers: { 'X-Okta-Verification-Challenge': 'my verification challenge' } },
    jsonAnswer({ verification: 'my verification challenge' }),
  ],
  ['Okta, without a challenge', 'okta', { method: 'GET' }, undefined],
  ['Mandrill', 'mandrill', { method: 'HEAD' }, emptyAnswer()],
  ['Mandrill, a form without events', 'mandrill', { body: 'mandrill_events=%5B%5D' }, emptyAnswer()],
  ['Mandrill, an event', 'mandrill', { body: 'mandrill_events=%5B1%5D' }, undefined],
  [
    'Notion',
    'notion',
    { body: { verification_token: 'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl' } },
    {
      fault: 'save the verification_token of this request as the secret, and enter it at Notion',
      answer: emptyAnswer(),
    },
  ],
  ['Notion, an event', 'notion', { body: { verification_token: 'a', type: 'page.created' } }, undefined],
  // By AESCipher of @larksuiteoapi/node-sdk 1.74.0.
  [
    'Lark',
    'lark',
    {
      body: {
        encrypt:
          'QVKQdpWURg4uSFkikE80XVhKu4hm54NQUYhEyOANz+hwrSa8Es6Iph/SKvHGi4rjRlIcXPPlJTCnmOHVqWplNAbTqtMnmiBjRKGecJCe3REKm1AYRehDMODM4zZF4a17',
      },
    },
    jsonAnswer({ challenge: 'ajls384kdjx98XX' }),
  ],
  [
    'Lark, without encryption',
    'lark',
    { body: { type: 'url_verification', challenge: 'ajls384kdjx98XX', token: 'x' } },
    { fault: 'the challenge is not encrypted; set an Encrypt Key at Lark' },
  ],
  [
    'Lark, of another key',
    'lark',
    { body: { encrypt: 'P37w+VZImNgPEO1RBhJ6RtKl7n6zymIbEG1pReEzghk=' } },
    undefined,
  ],
  ['Lark, an event', 'lark', { body: { header: {} } }, undefined],
];

test.each(TRIES)('%s: the URL is tried out', (_title, scheme, given, told) => {
  const config = configOf(scheme);
  expect(schemeOf(config).greet?.(senderRequest(given), config, { secrets: ['s3cret'] })).toEqual(told);
});

/** The same with a signature, which has been checked. */
const HANDSHAKES: [title: string, scheme: string, Given, SenderAnswer | undefined][] = [
  [
    'Twitch',
    'twitch',
    {
      headers: { 'Twitch-Eventsub-Message-Type': 'webhook_callback_verification' },
      body: { challenge: 'pogchamp-kappa-360noscope-vohiyo', subscription: {} },
    },
    textAnswer('pogchamp-kappa-360noscope-vohiyo'),
  ],
  [
    'Twitch, a revocation',
    'twitch',
    { headers: { 'Twitch-Eventsub-Message-Type': 'revocation' }, body: { subscription: {} } },
    emptyAnswer(),
  ],
  [
    'Twitch, an event with a challenge',
    'twitch',
    { headers: { 'Twitch-Eventsub-Message-Type': 'notification' }, body: { challenge: 'a', event: {} } },
    undefined,
  ],
  ['Intercom, a ping', 'intercom', { body: { topic: 'ping' } }, emptyAnswer()],
  ['Intercom, an event', 'intercom', { body: { topic: 'conversation.user.created' } }, undefined],
  ['Asana, a heartbeat', 'asana', { body: { events: [] } }, emptyAnswer()],
  ['Asana, an event', 'asana', { body: { events: [{ action: 'added' }] } }, undefined],
  ['Xero, intent to receive', 'xero', { body: { events: [], entropy: 'a' } }, emptyAnswer()],
  ['Xero, an event', 'xero', { body: { events: [{}] } }, undefined],
  ['Mollie, a ping', 'mollie', { body: { type: 'hook.ping' } }, emptyAnswer()],
  ['Mollie, an event', 'mollie', { body: { type: 'payment-link.paid' } }, undefined],
  [
    'Dropbox Sign, a test',
    'dropbox-sign',
    { body: { event: { event_type: 'callback_test' } } },
    textAnswer('Hello API Event Received'),
  ],
  ['Dropbox Sign, an event', 'dropbox-sign', { body: { event: {} } }, undefined],
  ['Wise, a test', 'wise', { headers: { 'X-Test-Notification': 'true' }, body: {} }, emptyAnswer()],
  ['Wise, an event', 'wise', { body: {} }, undefined],
  ['Google, a new channel', 'google-push', { headers: { 'X-Goog-Resource-State': 'sync' } }, undefined],
  ['Google, an event', 'google-push', { headers: { 'X-Goog-Resource-State': 'exists' } }, undefined],
  [
    'Event Grid, the end of a subscription',
    'eventgrid',
    { headers: { 'aeg-event-type': 'SubscriptionDeletion' }, body: [{}] },
    emptyAnswer(),
  ],
];

test.each(HANDSHAKES)('%s: answered without a run, or not', async (_title, scheme, given, told) => {
  const config = configOf(scheme);
  const request = senderRequest(given);
  const payload = request.body.length === 0 ? undefined : JSON.parse(request.body.toString());
  const { handshake } = schemeOf(config);
  expect(await handshake?.({ ...request, payload }, config, { secrets: ['s3cret'] }, noOutside)).toEqual(
    told,
  );
});

/** Events, and the ids that a retry keeps. */
const IDS: [title: string, scheme: string, Given, unknown][] = [
  ['Typeform', 'typeform', { body: { event_id: '01HX' } }, '01HX'],
  ['Trello', 'trello', { body: { action: { id: '51f9' } } }, '51f9'],
  ['SendGrid, one event', 'sendgrid', { body: [{ sg_event_id: 'a' }] }, 'a'],
  ['SendGrid, two events', 'sendgrid', { body: [{ sg_event_id: 'a' }, { sg_event_id: 'b' }] }, undefined],
  [
    'HubSpot, one event',
    'hubspot',
    { body: [{ subscriptionId: 1, eventId: 2, objectId: 3, occurredAt: 4, attemptNumber: 1 }] },
    '1-2-3-4',
  ],
  ['HubSpot, two events', 'hubspot', { body: [{ eventId: 2 }, { eventId: 3 }] }, undefined],
  ['Event Grid', 'eventgrid', { body: [{ id: 'a', topic: '/t' }] }, '/t a'],
  ['Event Grid, a CloudEvent', 'eventgrid', { body: { id: 'a', source: '//s' } }, '//s a'],
  ['Event Grid, two events', 'eventgrid', { body: [{ id: 'a' }, { id: 'b' }] }, undefined],
  [
    'Google',
    'google-push',
    { headers: { 'X-Goog-Channel-ID': 'ch', 'X-Goog-Message-Number': '10' } },
    'ch 10',
  ],
  ['Google, without a number', 'google-push', { headers: { 'X-Goog-Channel-ID': 'ch' } }, undefined],
  ['Mailgun, an event', 'mailgun', { body: { 'event-data': { id: 'G9' }, signature: { token: 't' } } }, 'G9'],
  ['Mailgun, a mail', 'mailgun', { body: { token: 't' } }, 't'],
  ['monday.com', 'monday', { body: { event: { triggerUuid: 'b5' } } }, 'b5'],
  ['Okta', 'okta', { body: { eventId: 'b5' } }, 'b5'],
  ['Intercom', 'intercom', { body: { id: 'notif_1' } }, 'notif_1'],
  ['SNS', 'sns', { body: { MessageId: '22b8' } }, '22b8'],
  [
    'Adyen',
    'adyen',
    {
      body: {
        notificationItems: [
          { NotificationRequestItem: { eventCode: 'CAPTURE', success: 'true', pspReference: '79' } },
        ],
      },
    },
    'CAPTURE true 79',
  ],
  ['Adyen, of a platform', 'adyen', { body: { type: 'a' } }, undefined],
  ['Mandrill, one event', 'mandrill', { body: [{ event: 'open', ts: 1, _id: 'a' }] }, 'open 1 a'],
  ['Mandrill, two events', 'mandrill', { body: [{ event: 'open' }, { event: 'click' }] }, undefined],
  ['Mandrill, a mail', 'mandrill', { body: [{ event: 'inbound', ts: 1 }] }, undefined],
  ['Xero', 'xero', { body: { firstEventSequence: 3, lastEventSequence: 4 } }, '3-4'],
  ['Netlify', 'netlify', { body: { id: 'a', state: 'error' } }, 'error a'],
  ['Vonage, a message', 'vonage', { body: { message_uuid: 'a' } }, 'a'],
  ['Vonage, a key of a call', 'vonage', { body: { uuid: 'a', timestamp: 't', dtmf: {} } }, 't a'],
  [
    'Netlify, a locked deploy',
    'netlify',
    { headers: { 'x-netlify-event': 'deploy_locked' }, body: { id: 'a', state: 'ready', updated_at: 't' } },
    'deploy_locked ready t a',
  ],
  ['Vonage, a state', 'vonage', { body: { message_uuid: 'a', status: 'read' } }, 'read a'],
  [
    'DocuSign',
    'docusign',
    { body: { event: 'e', generatedDateTime: 't', data: { envelopeId: 'i' } } },
    'e t i',
  ],
  ['DocuSign, XML', 'docusign', { body: '"<a/>"' }, undefined],
  ['Lark', 'lark', { body: { header: { event_id: '5e37' } } }, '5e37'],
];

test.each(IDS)('%s: the id of a delivery', (_title, scheme, given, id) => {
  const config = configOf(scheme);
  const request = senderRequest(given);
  const payload = request.body.length === 0 ? undefined : JSON.parse(request.body.toString());
  expect(schemeOf(config).deliveryId?.({ ...request, payload }, config)).toEqual(id);
});
