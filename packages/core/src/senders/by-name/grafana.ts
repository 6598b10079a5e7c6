import type { SignatureConfigOf } from '@agenthook/contracts';
import { hmacProof, SHA256_HEX } from '../proofs/hmac.js';
import type { Proof } from '../proofs/proof.js';
import { bearerOrPassword, tokenProof } from '../proofs/token.js';
import type { RequestHeaders, Scheme } from '../scheme.js';

type Config = SignatureConfigOf<'grafana'>;

/** The manual's name, and that of some versions. */
const HEADERS = ['X-Grafana-Alerting-Signature', 'X-Grafana-Alert-Signature'] as const;

const signed = hmacProof<Config>(({ timestamp_header }, headers) => ({
  ...SHA256_HEX,
  header: HEADERS.find((name) => headers[name.toLowerCase()] !== undefined) ?? HEADERS[0],
  form: '64 hex digits',
  ...(timestamp_header !== undefined && {
    timestampHeader: timestamp_header,
    content: '{timestamp}:{body}',
  }),
}));
const sent = tokenProof<Config>(bearerOrPassword);

/** A contact point signs, or sends a token or a password. A signature decides if there is one. */
const proofOf = ({ username }: Config, headers: RequestHeaders): Proof<Config> => {
  if (username !== undefined) return sent;
  const isSigned = HEADERS.some((name) => headers[name.toLowerCase()] !== undefined);
  return isSigned || headers.authorization === undefined ? signed : sent;
};

/**
 * Grafana Alerting.
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
export const grafana: Scheme<Config> = {
  docs: 'https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/',
  steps: [
    'Alerting → Contact points → New contact point. Integration: Webhook. URL: the webhook URL. Method: POST.',
    'Optional settings → HMAC Signature: the secret that you save here. A timestamp header needs to be saved here ' +
      'too.',
    'Older versions have no HMAC: enter the secret as the Authorization header’s credentials (scheme Bearer), or ' +
      'as the password, and save the user name here too.',
    'Test sends a made-up alert. Save, and choose the contact point in a notification policy.',
  ],
  sample: {
    body: {
      receiver: 'agents',
      status: 'firing',
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'High CPU', severity: 'critical', instance: 'web-1' },
          annotations: { summary: 'The CPU of web-1 is at 97 %' },
          startsAt: '2026-11-28T20:00:00Z',
          endsAt: '0001-01-01T00:00:00Z',
          generatorURL: 'https://grafana.example.com/alerting/grafana/abc/view',
          fingerprint: 'c6eadffa33fcdf37',
        },
      ],
      commonLabels: { alertname: 'High CPU', severity: 'critical' },
      externalURL: 'https://grafana.example.com/',
      version: '1',
      groupKey: '{}:{alertname="High CPU"}',
      truncatedAlerts: 0,
      orgId: 1,
      title: '[FIRING:1] High CPU',
      state: 'alerting',
      message: 'The CPU of web-1 is at 97 %',
    },
  },
  event: { property: 'status' },
  proof: {
    fault: (request, config, keys) => proofOf(config, request.headers).fault(request, config, keys),
    sign: (request, config, key, made) =>
      proofOf(config, {}).sign?.(request, config, key, made) ?? { headers: {} },
    hides: () => ({ headers: [...HEADERS, 'Authorization'] }),
  },
};
