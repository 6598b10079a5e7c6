import type { AlertFields, AlertRule, AlertType } from '@agenthook/contracts';

/** A rule of one type as it is stored. Its fields have their defaults. */
export type RuleOf<Kind extends AlertType> = Pick<
  AlertRule,
  'id' | 'name' | 'agent_id' | 'channels' | 'callback' | 'enabled'
> &
  Required<AlertFields<Kind>> & { type: Kind; created_ms: number; updated_ms: number };

export type StoredRule = { [Kind in AlertType]: RuleOf<Kind> }[AlertType];
