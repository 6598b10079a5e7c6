import { MIMEType } from 'node:util';

/** A Content-Type header. */
export interface MediaType {
  /** For example `text/plain`, in lower case; empty if the header is missing or malformed. */
  essence: string;
  /** The label of the declared charset; undefined if there is none. */
  charset?: string | undefined;
  boundary?: string | undefined;
}

/** A charset's label, without quotes around it, and without a second header that a proxy appended. */
const LABEL = /^[\s'"]{0,9}([^\s'",;]*)/;

/** Labels of clients whose charset is not set, and what some declare for bytes that are not text. */
const NO_CHARSETS = new Set(['binary', 'null', 'undefined', 'none', 'default', 'auto', '*']);

/** Parses a Content-Type header. A malformed one counts as none, because the content decides. */
export function readMediaType(contentType: string | undefined): MediaType {
  if (contentType === undefined) return { essence: '' };
  if (contentType === 'application/json') return { essence: contentType };
  const type = parsed(contentType) ?? parsed(contentType.split(',', 1)[0] ?? '');
  if (type === undefined) return { essence: '' };
  const { essence, params } = type;
  const charset = LABEL.exec(params.get('charset') ?? '')?.[1];
  const isCharset = charset !== '' && !NO_CHARSETS.has(charset?.toLowerCase() ?? '');
  return {
    essence,
    charset: isCharset ? charset : undefined,
    boundary: params.get('boundary') ?? undefined,
  };
}

function parsed(contentType: string): MIMEType | undefined {
  try {
    return new MIMEType(contentType);
  } catch {
    return undefined;
  }
}

export const FORM = 'application/x-www-form-urlencoded';
export const MULTIPART = 'multipart/form-data';

const JSON_TYPES = new Set(['application/json', 'text/json']);
/** Text under names that do not say so. */
const TEXT_TYPES = new Set([
  'application/csv',
  'application/ecmascript',
  'application/graphql',
  'application/javascript',
  'application/json-seq',
  'application/json5',
  'application/jsonl',
  'application/jsonlines',
  'application/ndjson',
  'application/rtf',
  'application/sql',
  'application/toml',
  'application/x-javascript',
  'application/x-jsonlines',
  'application/x-ndjson',
  'application/x-sh',
  'application/x-yaml',
  'application/xml',
  'application/xml-dtd',
  'application/yaml',
]);
const FILE_TYPES =
  /^(?:image|audio|video|font|model)\/|^application\/(?:pdf|zip|gzip|x-tar|msword|vnd\.ms-excel)$/;

/** Whether a body of this type must be JSON. */
export const isJsonType = (essence: string): boolean => JSON_TYPES.has(essence) || essence.endsWith('+json');

/** Whether a body of this type must be text. */
export const isTextType = (essence: string): boolean =>
  (essence.startsWith('text/') && essence !== 'text/plain') ||
  TEXT_TYPES.has(essence) ||
  /\+(?:xml|yaml)$/.test(essence);

/** Whether a body of this type may be, or carry, files, which may be larger than a payload. */
export function mayCarryFiles(contentType: string | undefined): boolean {
  const { essence } = readMediaType(contentType);
  if (essence === MULTIPART || isFileType(essence)) return true;
  const isPayload =
    isJsonType(essence) || isTextType(essence) || essence === FORM || essence === 'text/plain';
  return essence !== '' && !isPayload;
}

/** Whether a body of this type is a file. Files of other types are recognized by their bytes. */
export const isFileType = (essence: string): boolean => FILE_TYPES.test(essence) && !isTextType(essence);
