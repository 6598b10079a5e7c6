import type { ModelOptions } from '@agenthook/contracts';
import type { Verdict } from '../../verdict.js';

/** What the APIs call each option, in lower case. */
const WORDS: Record<keyof ModelOptions, string[]> = {
  temperature: ['temperature'],
  top_p: ['top_p', 'topp'],
  seed: ['seed'],
  reasoning_effort: ['reasoning', 'effort', 'thinking'],
  verbosity: ['verbosity'],
  tool_choice: ['tool_choice', 'toolconfig', 'tool choice'],
  service_tier: ['service_tier', 'servicetier', 'service tier'],
  provider_options: [],
};

/** A refusal that names the agent's options which the provider seems to mean. */
export function nameOptions(verdict: Verdict, options: ModelOptions | null | undefined): Verdict {
  if (verdict.code !== 'model_refused' || !options) return verdict;
  const message = verdict.message.toLowerCase();
  const typed = (Object.keys(WORDS) as (keyof ModelOptions)[]).filter(
    (option) => options[option] !== undefined && WORDS[option].some((word) => message.includes(word)),
  );
  const passed = Object.entries(options.provider_options ?? {}).flatMap(([provider, fields]) =>
    Object.keys(fields)
      .filter((field) => message.includes(field.toLowerCase()))
      .map((field) => `provider_options.${provider}.${field}`),
  );
  const named = [...typed, ...passed].slice(0, 5).map((option) => `model_options.${option}`);
  return named.length === 0
    ? verdict
    : { ...verdict, message: `${verdict.message.slice(0, 400)} Check ${named.join(', ')}.` };
}
