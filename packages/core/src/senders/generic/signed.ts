import type { ProblemIssue, SignatureConfigOf } from '@agenthook/contracts';
import { PLACEHOLDERS, type Recipe } from '../proofs/recipe.js';

/** The fields that the custom schemes with a signature in a header share. */
type Signed = Pick<
  SignatureConfigOf<'hmac'>,
  | 'header'
  | 'prefix'
  | 'separator'
  | 'timestamp_prefix'
  | 'timestamp_header'
  | 'content'
  | 'id_header'
  | 'tolerance_seconds'
  | 'challenge'
>;

const isTimed = ({ timestamp_prefix, timestamp_header }: Signed): boolean =>
  timestamp_prefix !== undefined || timestamp_header !== undefined;

const defaultContent = (config: Signed) => (isTimed(config) ? '{timestamp}.{body}' : '{body}');

/** What a configuration says about the header and the signed text. */
export const withContent = (config: Signed): Omit<Recipe, 'encoding'> & { content: string } => {
  const { content = defaultContent(config) } = config;
  return {
    header: config.header,
    prefix: config.prefix,
    separator: config.separator,
    timestampPrefix: config.timestamp_prefix,
    timestampHeader: config.timestamp_header,
    timeForm: 'any',
    idHeader: content.includes('{id}') ? config.id_header : undefined,
    content,
  };
};

/** Fills in what depends on other fields. Only a time has a tolerance by default. */
export function completeSigned<C extends Signed>(filled: C, given: C): C {
  const { tolerance_seconds, ...rest } = filled;
  return {
    ...rest,
    content: filled.content ?? defaultContent(filled),
    ...(isTimed(filled) || given.tolerance_seconds !== undefined ? { tolerance_seconds } : {}),
  } as C;
}

/** Why the fields together cannot work. */
export function faultsOfSigned(config: Signed): ProblemIssue[] {
  const { content = '', header, timestamp_header, timestamp_prefix, separator, id_header } = config;
  const issues: ProblemIssue[] = [];
  const say = (field: string, message: string) => issues.push({ path: `/signature/${field}`, message });

  const placeholders: string[] = content.match(/\{[^{}]*\}/g) ?? [];
  const unknown = placeholders.find((name) => !PLACEHOLDERS.includes(name));
  if (unknown !== undefined) say('content', `has ${unknown}; there are ${listed(PLACEHOLDERS)}`);
  if (placeholders.filter((name) => name === '{body}').length !== 1) say('content', 'must have {body}, once');
  const timed = placeholders.includes('{timestamp}');
  if (timed && !isTimed(config)) say('timestamp_header', 'is needed for {timestamp}');
  if (!timed && isTimed(config))
    say('content', 'must have {timestamp}: a time that is not signed proves nothing');
  if (config.tolerance_seconds !== undefined && !isTimed(config))
    say('tolerance_seconds', 'needs a timestamp_header');
  if (timestamp_prefix !== undefined && separator === undefined)
    say('separator', 'is needed with a timestamp_prefix');
  if (timestamp_prefix !== undefined && timestamp_header !== undefined)
    say('timestamp_prefix', 'cannot be set together with timestamp_header');
  if (timestamp_prefix !== undefined && overlap(timestamp_prefix, config.prefix ?? ''))
    say('timestamp_prefix', 'must differ from prefix');
  if (placeholders.includes('{id}') && id_header === undefined) say('id_header', 'is needed for {id}');

  const isSignature = (name: string | undefined) => name?.toLowerCase() === header.toLowerCase();
  if (isSignature(timestamp_header)) say('timestamp_header', 'is the header of the signature');
  if (isSignature(id_header)) say('id_header', 'is the header of the signature');
  return issues;
}

/** Whether an item could begin with both. */
const overlap = (a: string, b: string): boolean => a.startsWith(b) || b.startsWith(a);

const listed = (names: string[]): string => `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/**
 * A secret is never part of the signed text: it would be shown. Named here because `content` alone cannot
 * tell.
 */
export const faultOfContent = (content: string | undefined, secret: unknown): string | undefined =>
  typeof secret === 'string' && secret.length >= 4 && content?.includes(secret)
    ? 'contains the secret, which would be shown to everyone who can read the agent'
    : undefined;
