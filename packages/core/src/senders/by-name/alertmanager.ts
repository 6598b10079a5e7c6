import type { SignatureConfigOf } from '@agenthook/contracts';
import { bearerOrPassword, tokenProof } from '../proofs/token.js';
import type { Scheme } from '../scheme.js';

type Config = SignatureConfigOf<'alertmanager'>;

/** Alertmanager. https://prometheus.io/docs/alerting/latest/configuration/#webhook_config */
export const alertmanager: Scheme<Config> = {
  docs: 'https://prometheus.io/docs/alerting/latest/configuration/#webhook_config',
  steps: [
    'In alertmanager.yml, add a receiver with webhook_configs and the webhook URL as its url.',
    'Below it: http_config: {authorization: {credentials: …}} with the token that you save here. For a password ' +
      'instead, use basic_auth, and save its user name here too.',
    'Name the receiver in a route, and reload Alertmanager.',
  ],
  sample: {
    body: {
      version: '4',
      status: 'firing',
      receiver: 'agents',
      groupKey: '{}:{alertname="HighCPU"}',
      groupLabels: { alertname: 'HighCPU' },
      commonLabels: { alertname: 'HighCPU', severity: 'critical' },
      commonAnnotations: { summary: 'The CPU of web-1 is at 97 %' },
      externalURL: 'https://alerts.example.com',
      alerts: [
        {
          status: 'firing',
          labels: { alertname: 'HighCPU', severity: 'critical', instance: 'web-1' },
          annotations: { summary: 'The CPU of web-1 is at 97 %' },
          startsAt: '2026-11-28T20:00:00Z',
          endsAt: '0001-01-01T00:00:00Z',
          fingerprint: 'c6eadffa33fcdf37',
        },
      ],
    },
  },
  event: { property: 'status' },
  proof: tokenProof<Config>(bearerOrPassword),
};
