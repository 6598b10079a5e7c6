import type { AgentConfig } from '@agenthook/contracts';
import type { SecretBox } from '../secrets/secret-box.js';
import { maskDestinationSecrets, sealDestinationSecrets } from './destination-secrets.js';
import { maskSignature, sealSignature } from './signature-secrets.js';
import { maskToolSecrets, sealToolSecrets } from './tool-secrets.js';

/**
 * Encrypts the secrets that a client sent. `true` keeps the stored secret. Throws `invalid_request` if none
 * is stored.
 */
export const sealSecrets = (
  config: AgentConfig,
  stored: AgentConfig | undefined,
  box: SecretBox,
  agentId: string,
): AgentConfig => ({
  ...sealDestinationSecrets(sealToolSecrets(config, stored, box, agentId), stored, box, agentId),
  signature: sealSignature(config.signature, stored?.signature, box, agentId),
});

/** The secrets as the API shows them: it shows that one exists, not its value. */
export const maskSecrets = <T extends Pick<AgentConfig, 'tools' | 'signature' | 'destinations'>>(
  config: T,
): T => ({
  ...maskDestinationSecrets(maskToolSecrets(config)),
  signature: maskSignature(config.signature),
});
