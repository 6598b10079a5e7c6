import type { SignatureConfig } from '@agenthook/contracts';
import { AppError } from '../errors.js';
import type { SecretBox } from '../secrets/secret-box.js';

/** The context that a sealed secret is bound to: it opens only for its own agent. */
const purpose = (agentId: string) => `signature secret of ${agentId}`;

const nothingToKeep = (field: 'secret' | 'previous_secret'): AppError =>
  new AppError(
    'invalid_request',
    `The signature has no stored ${field} of this scheme to keep; send its value.`,
    { issues: [{ path: `/signature/${field}`, message: 'has no stored value to keep' }] },
  );

/**
 * Encrypts the secrets that a client sent. `secret: true` keeps the stored one. `previous_secret: true` keeps
 * the stored previous one if `secret` is kept; with a new secret, the current one becomes the previous one.
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
  const kept = stored?.scheme === signature.scheme ? stored : undefined;
  const seal = (plain: string) => box.seal(plain, purpose(agentId));
  const { secret, previous_secret = null } = signature;

  const previous = previous_secret === true ? kept?.[secret === true ? 'previous_secret' : 'secret'] : null;
  const sealed = {
    secret: secret === true ? kept?.secret : seal(secret),
    previous_secret: typeof previous_secret === 'string' ? seal(previous_secret) : previous,
  };
  if (sealed.secret === undefined) throw nothingToKeep('secret');
  // `true` requires a stored secret, but the stored value may be null.
  if (previous_secret === true && !sealed.previous_secret) throw nothingToKeep('previous_secret');
  return { ...signature, secret: sealed.secret, previous_secret: sealed.previous_secret ?? null };
}

/** The signature as the API shows it: that a secret exists, not its value. */
export const maskSignature = (signature: SignatureConfig | null | undefined): SignatureConfig | null =>
  signature ? { ...signature, secret: true, previous_secret: signature.previous_secret ? true : null } : null;

/** The valid secrets in plain text, the current one first. */
export const openSignatureSecrets = (
  { secret, previous_secret }: SignatureConfig,
  box: SecretBox,
  agentId: string,
): string[] =>
  [secret, previous_secret]
    .filter((sealed) => typeof sealed === 'string')
    .map((sealed) => box.openOften(sealed, purpose(agentId)));
