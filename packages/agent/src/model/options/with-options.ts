import type { ModelOptions, ProviderKind } from '@agenthook/contracts';
import type {
  JSONObject,
  LanguageModelV4,
  LanguageModelV4CallOptions,
  SharedV4ProviderOptions,
  SharedV4Warning,
} from '@ai-sdk/provider';
import { wrapLanguageModel } from 'ai';
import { withMoreFields } from '../wire/more-fields.js';
import { dialectOptions, mergeOptions } from './dialect.js';

export interface GivenOptions {
  /** `provider:model`. */
  model: string;
  provider: string;
  kind: ProviderKind;
  options: ModelOptions;
  /** Writes a note for people. */
  note: (text: string) => Promise<void>;
}

/**
 * A model that is asked with an agent's options. An option that the adapter leaves out or changes, because
 * the model does not take it, becomes a note; one that the provider refuses fails the turn.
 */
export function withOptions(model: LanguageModelV4, given: GivenOptions): LanguageModelV4 {
  const { options, kind } = given;
  const { providerOptions, missing } = dialectOptions(options, kind);
  const { temperature, top_p, seed, reasoning_effort } = options;
  return wrapLanguageModel({
    model,
    middleware: {
      specificationVersion: 'v4',
      transformParams: async ({ params }) => {
        for (const option of missing) await given.note(leftOut(given.model, option));
        return {
          ...params,
          ...(temperature !== undefined && { temperature }),
          ...(top_p !== undefined && { topP: top_p }),
          ...(seed !== undefined && { seed }),
          ...(reasoning_effort !== undefined && { reasoning: reasoning_effort }),
          ...(await toolChoice(params, given)),
          providerOptions: mergeOptions(
            mergeOptions(params.providerOptions, providerOptions),
            moreFields(given),
          ),
        };
      },
      wrapGenerate: async ({ doGenerate }) => {
        const result = await doGenerate();
        for (const warning of result.warnings) {
          const option = optionOf(warning, options);
          if (option) await given.note(leftOut(given.model, option, detailsOf(warning)));
        }
        return result;
      },
    },
  });
}

/** The options for the model's provider by its name; those for its kind apply too. */
function moreFields({ options, provider, kind }: GivenOptions): SharedV4ProviderOptions {
  const { [kind]: ofKind, [provider]: ofName } = (options.provider_options ?? {}) as Record<
    string,
    JSONObject
  >;
  if (ofKind === undefined && ofName === undefined) return {};
  const fields = { ...ofKind, ...ofName };
  // A signed request cannot be changed below the adapter, which has a place of its own for them.
  return kind === 'bedrock' ? { bedrock: { additionalModelRequestFields: fields } } : withMoreFields(fields);
}

/** The choice of tools for a turn. A call is required only until one was made, or no run would end. */
async function toolChoice(
  { tools, prompt }: LanguageModelV4CallOptions,
  { model, options: { tool_choice }, note }: GivenOptions,
): Promise<Pick<LanguageModelV4CallOptions, 'toolChoice'>> {
  if (tool_choice === undefined || !tools?.length) return {};
  if (tool_choice === 'auto' || tool_choice === 'none') return { toolChoice: { type: tool_choice } };
  if (prompt.some(({ role }) => role === 'tool')) return {};
  if (tool_choice === 'required') return { toolChoice: { type: 'required' } };
  if (tools.some(({ name }) => name === tool_choice.tool)) {
    return { toolChoice: { type: 'tool', toolName: tool_choice.tool } };
  }
  const offered = tools.map(({ name }) => name).join(', ');
  await note(leftOut(model, 'tool_choice', `No tool is named "${tool_choice.tool}", only ${offered}`));
  return {};
}

/** What the adapters call the options that they leave out. */
const FEATURES: Record<string, keyof ModelOptions> = {
  temperature: 'temperature',
  topP: 'top_p',
  seed: 'seed',
  reasoning: 'reasoning_effort',
  reasoningEffort: 'reasoning_effort',
  textVerbosity: 'verbosity',
  toolChoice: 'tool_choice',
  serviceTier: 'service_tier',
};

/** The option of the agent that a warning is about. */
function optionOf(warning: SharedV4Warning, options: ModelOptions): keyof ModelOptions | undefined {
  const option = 'feature' in warning ? FEATURES[warning.feature] : undefined;
  return option !== undefined && options[option] !== undefined ? option : undefined;
}

const detailsOf = (warning: SharedV4Warning): string | undefined =>
  'details' in warning ? warning.details : undefined;

const leftOut = (model: string, option: string, why = 'Its API has no such option'): string =>
  `${model} was not asked with model_options.${option} as it is set. ${why.slice(0, 300).replace(/\.$/, '')}.`;
