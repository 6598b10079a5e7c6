import type { ErrorCode } from '@agenthook/contracts';

/** Why a configuration is refused: that of a save, or the draft of a test. */
export const CONFIGURATION_REFUSALS = [
  'invalid_filter',
  'invalid_schedule',
  'invalid_approval',
  'invalid_template',
  'invalid_schema',
  'invalid_tools',
  'invalid_destinations',
  'busy',
  'unknown_model',
  'unknown_price',
  'agent_too_large',
] as const satisfies readonly ErrorCode[];
