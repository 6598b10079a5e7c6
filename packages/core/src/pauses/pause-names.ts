import { parseModel } from '@agenthook/contracts';
import { textHash } from '../redis/keys.js';

/** The name of the installation's pause, and of the tasks that wait for it. */
export const EVERYTHING = 'all';
/** The name of the tasks that wait for a provider or a model, whichever. */
export const MODELS = 'models';

/** What the names of providers' and models' pauses begin with. */
export const MODEL_BEGINNING = 'model-';

/** The name of the pause of a provider, or of a `provider:model`. */
export const modelPause = (text: string): string => MODEL_BEGINNING + textHash(text);

/** Whether a name is that of a provider's or a model's pause. */
export const isModelPause = (name: string): boolean => name.startsWith(MODEL_BEGINNING);

/** The names of the pauses that stop a `provider:model`. */
export function pausesOfModel(model: string): [provider: string, model: string] {
  return [modelPause(parseModel(model)?.provider ?? model), modelPause(model)];
}
