import type { Scheme, Signature } from './presets.js';

const DEFAULT_TOLERANCE_SECONDS = 300;

/** The form's values. An empty text means "not given". */
export interface FormValues {
  secret: string;
  keepPrevious: boolean;
  tolerance_seconds: number | string;
  header: string;
  algorithm: 'sha256' | 'sha512' | 'sha1';
  encoding: 'hex' | 'base64';
  prefix: string;
  timestamp_header: string;
  content: string;
  id_header: string;
}

/** The stored options for editing, never including the secret. */
export function valuesOf(stored: Signature | null): FormValues {
  const hmac = stored?.scheme === 'hmac' ? stored : undefined;
  return {
    secret: '',
    keepPrevious: true,
    tolerance_seconds:
      (stored && 'tolerance_seconds' in stored ? stored.tolerance_seconds : undefined) ??
      DEFAULT_TOLERANCE_SECONDS,
    header: hmac?.header ?? '',
    algorithm: hmac?.algorithm ?? 'sha256',
    encoding: hmac?.encoding ?? 'hex',
    prefix: hmac?.prefix ?? '',
    timestamp_header: hmac?.timestamp_header ?? '',
    content: hmac?.content ?? '',
    id_header: hmac?.id_header ?? '',
  };
}

/** Whether the scheme's sender signs the time, so that a tolerance applies. */
export const signsTime = (scheme: Scheme, values: Pick<FormValues, 'timestamp_header'>): boolean =>
  ['stripe', 'slack', 'standard-webhooks'].includes(scheme) ||
  (scheme === 'hmac' && values.timestamp_header !== '');

/** @param stored the saved signature of this scheme; an empty field keeps its secrets */
export function signatureOf(scheme: Scheme, values: FormValues, stored: Signature | null): Signature {
  const secrets =
    values.secret === ''
      ? { secret: true as const, previous_secret: stored?.previous_secret ?? null }
      : // With a new secret, `true` keeps the one that was valid until now.
        { secret: values.secret, previous_secret: stored && values.keepPrevious ? (true as const) : null };
  const tolerance = signsTime(scheme, values) ? { tolerance_seconds: Number(values.tolerance_seconds) } : {};
  switch (scheme) {
    case 'github':
    case 'shopify':
      return { scheme, ...secrets };
    case 'stripe':
    case 'slack':
    case 'standard-webhooks':
      return { scheme, ...secrets, ...tolerance };
    case 'hmac':
      return {
        scheme,
        ...secrets,
        ...tolerance,
        header: values.header,
        algorithm: values.algorithm,
        encoding: values.encoding,
        prefix: values.prefix,
        ...given('timestamp_header', values),
        ...given('content', values),
        ...given('id_header', values),
      };
  }
}

const given = (field: 'timestamp_header' | 'content' | 'id_header', values: FormValues) =>
  values[field] === '' ? {} : { [field]: values[field] };
