import { SimpleGrid, Stack, TagsInput } from '@mantine/core';
import { ModelInput, useModelOptions } from '../../model-input.js';
import { useDraft } from '../draft/use-draft.js';
import { ModelOptions } from './model-options.js';
import { SandboxTools } from './sandbox-tools.js';

const MAX_FALLBACKS = 5;

/** The agent's model, its fallback models, and whether payloads may script the sandbox. */
export function ModelFields() {
  const { draft, values, readOnly, set, errorAt } = useDraft();
  const more = [draft.base.model];
  const { examples, renderOption } = useModelOptions(more);
  const fallbackError = draft.issues.find(({ path }) => path.startsWith('/fallback_models'))?.message;

  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <ModelInput
          value={values.model}
          more={more}
          readOnly={readOnly}
          error={errorAt('/model')}
          onChange={(model) => set('model', model)}
        />
        <TagsInput
          label="Fallback models"
          description="Tried in this order if the model fails"
          data={examples.filter((model) => model !== values.model)}
          renderOption={renderOption}
          comboboxProps={{ withinPortal: false }}
          placeholder={values.fallback_models.length === 0 && !readOnly ? 'Add one' : ''}
          maxTags={MAX_FALLBACKS}
          value={values.fallback_models}
          readOnly={readOnly}
          error={fallbackError}
          onChange={(models) => set('fallback_models', models)}
        />
      </SimpleGrid>
      <ModelOptions />
      <SandboxTools />
    </Stack>
  );
}
