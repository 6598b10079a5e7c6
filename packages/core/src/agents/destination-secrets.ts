import type { AgentConfig, Destination, ToolSecrets } from '@agenthook/contracts';
import { nameOf } from '@agenthook/contracts';
import { AppError } from '../errors.js';
import { contextOf } from '../secrets/sealed-values.js';
import type { SecretBox } from '../secrets/secret-box.js';

type Destinations = Pick<AgentConfig, 'destinations'>;

function mapSecrets<T extends Destinations>(
  config: T,
  change: (value: ToolSecrets[string], name: string, of: Destination, index: number) => ToolSecrets[string],
): T {
  if (!config.destinations?.some(({ secrets }) => secrets)) return config;
  const destinations = config.destinations.map((each, index) => {
    if (!each.secrets) return each;
    const entries = Object.entries(each.secrets).map(([name, value]) => [
      name,
      change(value, name, each, index),
    ]);
    return { ...each, secrets: Object.fromEntries(entries) as ToolSecrets };
  });
  return { ...config, destinations };
}

/**
 * Encrypts the secrets that a client sent. `true` keeps the stored secret of the destination with the same
 * name. Throws `invalid_request` if none is stored.
 */
export const sealDestinationSecrets = <T extends Destinations>(
  config: T,
  stored: Destinations | undefined,
  box: SecretBox,
  agentId: string,
): T =>
  mapSecrets(config, (value, secret, of, index) => {
    if (value !== true) return box.seal(value, contextOf.destination(agentId));
    const kept = stored?.destinations?.find((other) => nameOf(other) === nameOf(of))?.secrets?.[secret];
    if (kept !== undefined) return kept;
    throw new AppError(
      'invalid_request',
      `The destination "${nameOf(of)}" has no stored secret ${secret} to keep; send its value.`,
      {
        issues: [
          { path: `/destinations/${index}/secrets/${secret}`, message: 'has no stored value to keep' },
        ],
      },
    );
  });

/** The destinations as the API shows them: that a secret exists, not its value. */
export const maskDestinationSecrets = <T extends Destinations>(config: T): T =>
  mapSecrets(config, () => true);

/** The secrets of a destination in plain text. */
export const openDestinationSecrets = (
  { secrets = {} }: Destination,
  box: SecretBox,
  agentId: string,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(secrets).flatMap(([name, value]) =>
      value === true ? [] : [[name, box.open(value, contextOf.destination(agentId))]],
    ),
  );
