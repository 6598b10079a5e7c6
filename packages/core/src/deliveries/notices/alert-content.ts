import type { AlertPayload } from '@agenthook/contracts';
import type { Content } from './told.js';

/** What people are told when an alert begins or ends. */
export function alertContent(payload: AlertPayload, base: string): Content {
  const { type, data } = payload;
  const isOpened = type === 'alert.opened';
  const facts = [
    { name: 'Rule', value: data.rule },
    { name: 'Since', value: inMinutes(data.opened_at) },
    ...(data.resolved_at === null ? [] : [{ name: 'Until', value: inMinutes(data.resolved_at) }]),
  ];
  const run = data.task_id === null ? undefined : `${base}/runs/${data.task_id}`;
  return {
    message: {
      title: `${isOpened ? 'Alert' : 'Recovered'}: ${data.text}`,
      text: isOpened ? '' : 'The alert is over.',
      facts,
      link: run ? { label: 'Open the run', url: run } : { label: 'Open the alerts', url: `${base}/alerts` },
      event: payload,
    },
    forCallback: payload,
    isTest: false,
  };
}

const inMinutes = (time: string): string => `${time.slice(0, 16).replace('T', ' ')} UTC`;
