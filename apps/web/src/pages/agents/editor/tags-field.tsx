import { TagsInput } from '@mantine/core';
import { useDraft } from './draft/use-draft.js';

/** As many and as long as the api accepts. */
const MAX_TAGS = 20;
const MAX_CHARACTERS = 50;

/** The words by which the list of agents can be narrowed. */
export function TagsField() {
  const { values, readOnly, set, errorAt } = useDraft();
  if (readOnly && values.tags.length === 0) return null;
  return (
    <TagsInput
      mt={4}
      maw={620}
      size="xs"
      aria-label="Tags"
      placeholder={values.tags.length === 0 ? 'Tags, for example a team' : ''}
      value={values.tags}
      maxTags={MAX_TAGS}
      readOnly={readOnly}
      clearable={false}
      comboboxProps={{ withinPortal: false }}
      error={errorAt('/tags')}
      onChange={(tags) => set('tags', tags.map((tag) => tag.trim().slice(0, MAX_CHARACTERS)).filter(Boolean))}
    />
  );
}
