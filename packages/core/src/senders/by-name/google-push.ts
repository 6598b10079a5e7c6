import type { SignatureConfigOf } from '@agenthook/contracts';
import { tokenProof } from '../proofs/token.js';
import { headerOf, type Scheme } from '../scheme.js';

/**
 * Notification channels of Google Calendar, Drive and Admin. An event is in the headers; the body is empty.
 * https://developers.google.com/workspace/calendar/api/guides/push
 *
 * The first message of a channel, `sync`, only says that the channel works. It needs no answer of its own, so
 * it is an event like the others.
 */
export const googlePush: Scheme<SignatureConfigOf<'google-push'>> = {
  docs: 'https://developers.google.com/workspace/calendar/api/guides/push',
  steps: [
    'Choose a token, and save it here first.',
    'Create the channel with the API of Calendar or Drive, such as POST …/calendars/primary/events/watch with ' +
      '{id: a new UUID, type: "web_hook", address: the webhook URL, token: the one you saved}.',
    'The first message of a channel only says that it works. The filter ' +
      '`headers["x-goog-resource-state"] != "sync"` leaves it out.',
    'A channel expires. Create a new one before it does.',
  ],
  sample: {
    headers: {
      'X-Goog-Channel-ID': '4ba78bf0-6a47-11e2-bcfd-0800200c9a66',
      'X-Goog-Message-Number': '10',
      'X-Goog-Resource-ID': 'ret08u3rv24htgh289g',
      'X-Goog-Resource-State': 'exists',
      'X-Goog-Resource-URI': 'https://www.googleapis.com/calendar/v3/calendars/primary/events',
    },
    body: '',
  },
  event: { header: 'X-Goog-Resource-State' },
  proof: tokenProof(() => ({ header: 'X-Goog-Channel-Token' })),
  takesEmptyBody: true,
  deliveryId: (event) => {
    const [channel, number] = [
      headerOf(event, 'X-Goog-Channel-ID'),
      headerOf(event, 'X-Goog-Message-Number'),
    ];
    return channel === undefined || number === undefined ? undefined : `${channel} ${number}`;
  },
};
