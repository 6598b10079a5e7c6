import { SECRET_FIELDS, type SecretField, type SignatureConfig } from '@agenthook/contracts';
import { AppError } from '../errors.js';
import { contextOf } from '../secrets/sealed-values.js';
import type { SecretBox } from '../secrets/secret-box.js';
import type { Secrets } from '../senders/scheme.js';

const nothingToKeep = (field: SecretField): AppError =>
  new AppError(
    'invalid_request',
    `The signature has no stored ${field} of this scheme to keep; send its value.`,
    { issues: [{ path: `/signature/${field}`, message: 'has no stored value to keep' }] },
  );

/** The write-only fields of a signature, of which each scheme has its own. */
type SecretsOf = Partial<Record<SecretField, string | true | null>>;

/**
 * Encrypts the secrets that a client sent. `true` keeps the stored value. `previous_secret: true` keeps the
 * stored previous one if `secret` is kept; with a new secret, the current one becomes the previous one.
 * Secrets of another scheme are never kept, because each scheme has its own form. Throws `invalid_request` if
 * no stored secret exists.
 */
export function sealSignature(
  signature: SignatureConfig | null,
  stored: SignatureConfig | null | undefined,
  box: SecretBox,
  agentId: string,
): SignatureConfig | null {
  if (signature === null) return null;
  const given: SecretsOf = { ...(signature as object) };
  const kept: SecretsOf = stored?.scheme === signature.scheme ? { ...(stored as object) } : {};
  const sealed: SecretsOf = {};
  for (const field of SECRET_FIELDS) {
    const value = given[field];
    if (value === undefined) continue;
    const source = field === 'previous_secret' && given.secret !== true ? 'secret' : field;
    sealed[field] =
      typeof value === 'string'
        ? box.seal(value, contextOf.signature(agentId))
        : value && (kept[source] ?? null);
    // `true` requires a stored value.
    if (value === true && !sealed[field]) throw nothingToKeep(field);
  }
  return { ...signature, ...sealed } as SignatureConfig;
}

/** The signature as the API shows it: that a secret exists, not its value. */
export function maskSignature(signature: SignatureConfig | null | undefined): SignatureConfig | null {
  if (!signature) return null;
  const shown: Record<string, unknown> = { ...signature };
  for (const field of SECRET_FIELDS) if (shown[field]) shown[field] = true;
  return shown as SignatureConfig;
}

/** The valid secrets in plain text. */
export function openSignatureSecrets(signature: SignatureConfig, box: SecretBox, agentId: string): Secrets {
  const { secret, previous_secret, verify_token }: SecretsOf = { ...(signature as object) };
  const open = (sealed: string) => box.openOften(sealed, contextOf.signature(agentId));
  return {
    secrets: [secret, previous_secret].filter((sealed) => typeof sealed === 'string').map(open),
    ...(typeof verify_token === 'string' && { verifyToken: open(verify_token) }),
  };
}
