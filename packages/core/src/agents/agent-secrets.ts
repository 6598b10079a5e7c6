import type { AgentConfig } from '@agenthook/contracts';
import type { SecretBox } from '../secrets/secret-box.js';
import { maskSignature, sealSignature } from './signature-secrets.js';
import { maskToolSecrets, sealToolSecrets } from './tool-secrets.js';

/**
 * Encrypts the secrets that a client sent. `true` stands for a stored one. Throws `invalid_request` where there is none to
 * keep.
 */
export const sealSecrets = (
  config: AgentConfig,
  stored: AgentConfig | undefined,
  box: SecretBox,
  agentId: string,
): AgentConfig => ({
  ...sealToolSecrets(config, stored, box, agentId),
  signature: sealSignature(config.signature, stored?.signature, box, agentId),
});

/** What the API shows: that there is a secret, not which. */
export const maskSecrets = <T extends Pick<AgentConfig, 'tools' | 'signature'>>(config: T): T => ({
  ...maskToolSecrets(config),
  signature: maskSignature(config.signature),
});
